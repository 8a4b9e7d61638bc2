//! The same workspace and screens as the desktop window, served to browsers on this computer. One user, a token in the
//! printed link; nothing listens beyond loopback.

pub mod access;
pub(crate) mod answer;
pub(crate) mod api_routes;
pub(crate) mod events;
pub(crate) mod pages;
pub(crate) mod pipe;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use api::Api;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use access::Access;
pub use pages::{Screens, find_ui};

/// How long open requests may take to end after the server was told to stop.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What every route needs.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    api: Api,
    access: Access,
    ui: Option<PathBuf>,
    /// Turns true when the server is to stop: streams that would go on for ever end then.
    closing: watch::Receiver<bool>,
}

impl Shared {
    fn api(&self) -> &Api {
        &self.0.api
    }

    fn access(&self) -> &Access {
        &self.0.access
    }

    fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.clone()
    }
}

/// Waits until the server is to stop.
pub(crate) async fn told_to_stop(closing: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    token: String,
    closing: watch::Sender<bool>,
    api: Api,
}

/// Listens on a loopback address. `ui` is the folder of the built screens; without it, only the commands are served.
/// `token` is the secret of its link ([`access::kept_secret`]).
///
/// Errors: a sentence, when the address is not of this computer alone or is taken.
pub async fn listen(
    api: Api,
    address: SocketAddr,
    ui: Option<PathBuf>,
    token: String,
) -> Result<Server, String> {
    if !address.ip().is_loopback() {
        return Err(format!(
            "Debrief listens on this computer alone for now, so {address} is refused: use 127.0.0.1 or [::1]."
        ));
    }
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program: choose another port with --listen, or port 0 for any.")
        }
        _ => format!("Debrief cannot listen on {address}: {error}."),
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("Debrief cannot listen on {address}: {error}."))?;
    let access = Access::new(address, token.clone());
    let (closing, stop) = watch::channel(false);
    let shared = Shared(Arc::new(Inner {
        api: api.clone(),
        access,
        ui,
        closing: stop,
    }));
    Ok(Server {
        listener,
        address,
        router: router(shared),
        token,
        closing,
        api,
    })
}

impl Server {
    /// The address that it listens on, with the true port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The secret that opens it.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The link for the person who started it.
    pub fn link(&self) -> String {
        format!("http://{}/#token={}", self.address, self.token)
    }

    /// Answers until `stop` is over; then ends the streams, lets requests finish, and puts everything on the disk.
    ///
    /// Errors: also when something that was taken could not be saved.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Server {
            listener,
            router,
            closing,
            api,
            ..
        } = self;
        // Every keystroke is a small packet that must not wait for the next one.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let mut told = closing.subscribe();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
            stop.await;
            closing.send_replace(true);
        });
        let patience = async move {
            told_to_stop(&mut told).await;
            tokio::time::sleep(LAST_WORDS).await;
        };
        let served = tokio::select! {
            served = serving => served,
            () = patience => Ok(()),
        };
        // The rooms' last words go to the disk whether or not every connection said goodbye.
        let closed = tokio::task::spawn_blocking(move || api.try_close()).await;
        closed.map_err(io::Error::other)?.map_err(|error| {
            io::Error::other(format!(
                "not everything is saved ({})",
                error.message.trim_end_matches('.')
            ))
        })?;
        served
    }
}

fn router(shared: Shared) -> Router {
    let guarded = Router::new()
        .route("/rpc/{command}", post(api_routes::rpc))
        .route("/events", get(events::events))
        .route("/d/{doc}/ws", get(pipe::document))
        .route("/blob", post(api_routes::put_blob))
        .route("/blob/{hash}", get(api_routes::blob))
        .route("/preview/{doc}", get(api_routes::preview))
        .route("/download/{file}", get(api_routes::download))
        .route_layer(middleware::from_fn_with_state(
            shared.clone(),
            access::require_session,
        ));
    Router::new()
        .route("/session", post(access::open_session))
        .route("/readyz", get(api_routes::ready))
        .merge(guarded)
        .fallback(pages::page)
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            access::same_origin,
        ))
        .layer(middleware::map_response(answer::with_safe_headers))
        .with_state(shared)
}
