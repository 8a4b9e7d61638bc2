//! `debrief serve`.

use std::io;
use std::sync::Arc;

use api::{Api, Shell};

use super::args::{Place, Serve};
use super::open::{self, For};
use super::output::{self, Failed};
use crate::http;
use crate::share::Share;

/// Serves until it is interrupted; then what was taken is on the disk.
pub fn serve(place: &Place, asked: Serve) -> Result<(), Failed> {
    if !asked.listen.ip().is_loopback() {
        return Err(Failed::Wrong(format!(
            "Debrief listens on this computer alone for now, so {} is refused: use 127.0.0.1 or [::1].",
            asked.listen
        )));
    }
    let ui = http::find_ui(asked.ui).map_err(Failed::Did)?;
    if ui.is_none() {
        output::complain("the screens are not built; only commands and documents are served");
    }
    let api = open::workspace(place, For::Adding, Shell::Browser)?;
    let data_dir = api::places::data_dir().map_err(Failed::Did)?;
    let token = http::access::kept_secret(&data_dir);
    let screens = ui.clone().map(http::Screens::Folder);
    api.share_with(Arc::new(Share::new(data_dir, screens)));
    // Connections are many and short of work; the memory of more threads would serve nobody.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(32)
        .enable_all()
        .build()
        .map_err(|error| Failed::Did(format!("The server cannot start: {error}.")))?;
    runtime.block_on(run(api, asked.listen, ui, token))
}

async fn run(
    api: Api,
    listen: std::net::SocketAddr,
    ui: Option<std::path::PathBuf>,
    token: String,
) -> Result<(), Failed> {
    let stop =
        stop_signal().map_err(|error| Failed::Did(format!("The server cannot start: {error}.")))?;
    let server = http::listen(api, listen, ui, token)
        .await
        .map_err(Failed::Did)?;
    match output::line(&format!("Debrief is at {}", server.link())) {
        // Whoever started it may not want to read; browsers that know the link still come.
        Ok(()) | Err(Failed::NobodyReads) => {}
        Err(failed) => return Err(failed),
    }
    server
        .run(stop)
        .await
        .map_err(|error| Failed::Did(format!("The server stopped: {error}.")))
}

/// Ends with ctrl-c, and on Unix with a polite request to end.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

/// Ends with ctrl-c.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
