//! The same workspace and screens as the desktop window, served to browsers: to one person on this computer, who opens the printed
//! link, or to a team, each with an account.

pub mod access;
pub(crate) mod answer;
pub(crate) mod api_routes;
mod calendar;
pub(crate) mod events;
pub mod origin;
pub(crate) mod pages;
pub(crate) mod pipe;
mod team;
pub(crate) mod turns;
mod unsubscribe;

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use api::Api;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::connections::{self, Limits};
use crate::remind::Addresses;
use crate::share::line::Line;
pub use access::Access;
pub use origin::Origin;
pub use pages::{Screens, find_ui};
use turns::AllTurns;

/// How long open requests may take to end after the server was told to stop.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Connections at once; more wait. A process may have as many files open as [`crate::cli`] asked the system for.
const CONNECTIONS: usize = 3000;
/// Connections from one address: a whole office may be behind it.
const OF_ONE_ADDRESS: usize = 1500;
/// Those who come in at once, and those who wait for it.
const COMINGS: (usize, usize) = (4, 64);

/// What every route needs.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    api: Api,
    access: Access,
    ui: Option<PathBuf>,
    turns: AllTurns,
    comings: Line,
    /// Turns true when the server is to stop: streams that would go on for ever end then.
    closing: watch::Receiver<bool>,
    /// Knows the unsubscribe addresses of mails, where mails go out.
    addresses: OnceLock<Addresses>,
    /// Every connection holds this.
    connections: Arc<()>,
}

impl Shared {
    fn api(&self) -> &Api {
        &self.0.api
    }

    fn access(&self) -> &Access {
        &self.0.access
    }

    fn turns(&self) -> &AllTurns {
        &self.0.turns
    }

    /// Where those wait who come in by an invitation.
    fn comings(&self) -> &Line {
        &self.0.comings
    }

    /// Is held by what stays open.
    fn open(&self) -> Arc<()> {
        Arc::clone(&self.0.connections)
    }

    fn addresses(&self) -> Option<&Addresses> {
        self.0.addresses.get()
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
    shared: Shared,
    closing: watch::Sender<bool>,
    acceptor: Option<TlsAcceptor>,
    proxies: Arc<[IpAddr]>,
}

/// For whom a workspace is served.
pub enum Whom {
    /// The person who opens the printed link, on this computer. Holds the secret of the link
    /// ([`access::kept_secret`]).
    Me(String),
    /// A team, each with an account.
    Team(Team),
}

/// How a team finds the workspace.
pub struct Team {
    /// The address that people type.
    pub origin: Origin,
    /// Agrees on the encryption of a connection, unless a proxy does or nobody is to.
    pub acceptor: Option<TlsAcceptor>,
    /// Proxies that are believed when they say from where somebody asks.
    pub proxies: Arc<[IpAddr]>,
}

/// Listens on an address. Errors: a sentence, when it is taken.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program: choose another port with --listen, or port 0 for any.")
        }
        _ => format!("Debrief cannot listen on {address}: {error}."),
    })
}

impl Server {
    /// A server on an address of ours. `ui` is the folder of the built screens; without it, only the commands are served.
    ///
    /// Errors: a sentence, also when one person's workspace would be open to others.
    pub fn new(
        api: Api,
        listener: TcpListener,
        ui: Option<PathBuf>,
        whom: Whom,
    ) -> Result<Self, String> {
        let address = listener
            .local_addr()
            .map_err(|error| format!("Debrief cannot listen: {error}."))?;
        let (access, acceptor, proxies) = match whom {
            Whom::Me(_) if !address.ip().is_loopback() => {
                return Err(format!(
                    "Without accounts Debrief listens on this computer alone, so {address} is refused: use 127.0.0.1 or [::1], or serve a team with --team."
                ));
            }
            Whom::Me(token) => (Access::by_link(address, token), None, Arc::default()),
            Whom::Team(team) => (
                Access::by_accounts(&team.origin, Arc::clone(&team.proxies)),
                team.acceptor,
                team.proxies,
            ),
        };
        let (closing, stop) = watch::channel(false);
        let shared = Shared(Arc::new(Inner {
            api,
            access,
            ui,
            turns: AllTurns::default(),
            comings: Line::new(COMINGS.0, COMINGS.1),
            closing: stop,
            addresses: OnceLock::new(),
            connections: Arc::default(),
        }));
        Ok(Self {
            listener,
            address,
            shared,
            closing,
            acceptor,
            proxies,
        })
    }

    /// The address that it listens on, with the true port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers the unsubscribe addresses that stand in mails.
    pub fn answer_for(&self, addresses: Addresses) {
        // Addresses are set once, before the first answer.
        let _ = self.shared.0.addresses.set(addresses);
    }

    /// Answers until `stop` is over; then ends the streams, lets requests finish, and puts everything on the disk.
    ///
    /// Errors: when something that was taken could not be saved.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Server {
            listener,
            shared,
            closing,
            acceptor,
            proxies,
            ..
        } = self;
        let api = shared.api().clone();
        let connections = shared.open();
        let limits = Limits {
            all: CONNECTIONS,
            of_one_address: OF_ONE_ADDRESS,
            proxies,
        };
        let told = closing.subscribe();
        let accepting = tokio::spawn(connections::accept(
            listener,
            acceptor,
            router(shared),
            limits,
            told,
            Arc::clone(&connections),
        ));
        stop.await;
        closing.send_replace(true);
        // Ours and the routes' own; the routes are gone with the last connection.
        let goodbye = async {
            let _ = accepting.await;
            while Arc::strong_count(&connections) > 1 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(LAST_WORDS, goodbye).await;
        // The rooms' last words go to the disk whether or not every connection said goodbye.
        let closed = tokio::task::spawn_blocking(move || api.try_close()).await;
        closed.map_err(io::Error::other)?.map_err(|error| {
            io::Error::other(format!(
                "not everything is saved ({})",
                error.message.trim_end_matches('.')
            ))
        })
    }
}

fn router(shared: Shared) -> Router {
    let requests = Router::new()
        .route("/rpc/{command}", post(api_routes::rpc))
        .route("/blob", post(api_routes::put_blob))
        .route("/blob/{hash}", get(api_routes::blob))
        .route("/preview/{doc}", get(api_routes::preview))
        .route("/download/{file}", get(api_routes::download))
        .route("/sign-out", post(team::sign_out))
        .route_layer(middleware::from_fn(turns::in_turn));
    let guarded = Router::new()
        .route("/events", get(events::events))
        .route("/d/{doc}/ws", get(pipe::document))
        .merge(requests)
        .route_layer(middleware::from_fn_with_state(
            shared.clone(),
            access::require_session,
        ));
    let open = match shared.access().is_for_a_team() {
        true => Router::new()
            .route("/invitation/look", post(team::look))
            .route("/invitation/accept", post(team::accept)),
        false => Router::new().route("/session", post(access::open_session)),
    };
    // These are opened by the secret in their path alone.
    let open = open
        .route("/calendar/{file}", get(calendar::calendar))
        .route(
            "/unsubscribe/{person}/{proof}",
            get(unsubscribe::look).post(unsubscribe::change),
        );
    let health = Router::new()
        .route("/healthz", get(api_routes::alive))
        .route("/readyz", get(api_routes::ready));
    // Whatever watches over a team's machine asks by an address of its own.
    let (by_any_name, by_ours) = match shared.access().is_for_a_team() {
        true => (health, Router::new()),
        false => (Router::new(), health),
    };
    let pages = open
        .merge(by_ours)
        .merge(guarded)
        .fallback(pages::page)
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            access::same_origin,
        ));
    by_any_name
        .merge(pages)
        .layer(middleware::map_response(answer::with_safe_headers))
        .layer(middleware::from_fn(logged))
        .with_state(shared)
}

/// What went wrong here, and what took long, is told to whoever looks after the machine; never what was written.
async fn logged(
    request: axum::extract::Request,
    next: middleware::Next,
) -> axum::response::Response {
    const LONG: Duration = Duration::from_secs(2);
    let started = std::time::Instant::now();
    let method = request.method().clone();
    // A path names postmortems and files by their ids, and holds no words; those that hold a secret are told without it.
    let path = request.uri().path();
    let secret = ["/calendar/", "/unsubscribe/"]
        .into_iter()
        .find(|secret| path.starts_with(secret));
    let path = secret.unwrap_or(path).to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::error!(%method, path, status, ms, "failed");
    } else if took > LONG {
        tracing::warn!(%method, path, status, ms, "took long");
    } else {
        tracing::debug!(%method, path, status, ms, "answered");
    }
    response
}
