//! `debrief serve`.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::types::{AccountInvite, AccountRole, Empty};
use api::{Api, Shell, handlers};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::args::{Place, Serve};
use super::open::{self, For};
use super::output::{self, Failed};
use crate::http::{self, Origin, Server, Team, Whom};
use crate::remind::{self, Addresses, Settings};
use crate::share::Share;
use crate::share::certificate;

/// Files that the process may have open at once, as far as the system allows: every connection is one.
const FILES: u64 = 8192;
/// How long a mail that is on its way may take when the server is to stop.
const LAST_MAIL: Duration = Duration::from_secs(10);

/// Serves until it is interrupted; then what was taken is on the disk.
pub fn serve(place: &Place, asked: Serve) -> Result<(), Failed> {
    check(&asked)?;
    let ui = http::find_ui(asked.ui.clone()).map_err(Failed::Did)?;
    if ui.is_none() {
        output::complain("the screens are not built; only commands and documents are served");
    }
    log(&asked.log);
    let api = open::workspace(place, For::Adding, Shell::Browser)?;
    let data_dir = api::places::data_dir().map_err(Failed::Did)?;
    let screens = ui.clone().map(http::Screens::Folder);
    api.share_with(Arc::new(Share::new(data_dir.clone(), screens)));
    let workers = if asked.team {
        // Where it cannot be raised, fewer are served at once.
        let _ = rlimit::increase_nofile_limit(FILES);
        std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8))
    } else {
        // Connections are many and short of work; the memory of more threads would serve nobody.
        2
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        // As many as the connections that the store keeps: more would open and close one for each question.
        .max_blocking_threads(api::READERS)
        .enable_all()
        .build()
        .map_err(|error| Failed::Did(format!("The server cannot start: {error}.")))?;
    runtime.block_on(run(api, &data_dir, asked, ui))
}

/// Refuses what would be open to more people than was said.
fn check(asked: &Serve) -> Result<(), Failed> {
    let alone = asked.listen.ip().is_loopback();
    if !asked.team {
        return match alone {
            true => Ok(()),
            false => Err(Failed::Wrong(format!(
                "Without accounts Debrief listens on this computer alone, so {} is refused: use 127.0.0.1 or [::1], or serve a team with --team.",
                asked.listen
            ))),
        };
    }
    let encrypted = asked.certificate.is_some() || asked.own_certificate;
    let proxied = !asked.proxy.is_empty();
    if !encrypted && !proxied && !asked.plain && !alone {
        return Err(Failed::Wrong(
            "Say how it is encrypted: with --certificate and --key, with --own-certificate, by a proxy (--proxy), or not at all (--plain)."
                .into(),
        ));
    }
    if proxied && asked.address.is_none() {
        return Err(Failed::Wrong(
            "Behind a proxy, say at which address people find it: --address https://…".into(),
        ));
    }
    if let Some(origin) = &asked.address
        && origin.is_secure() != (encrypted || proxied)
        && (encrypted || !alone || origin.is_secure())
    {
        return Err(Failed::Wrong(format!(
            "{origin} does not go with how it is encrypted: addresses begin with https:// when it is, and with http:// when it is not."
        )));
    }
    Ok(())
}

/// What goes wrong, and who comes and goes, is written to stderr.
fn log(kind: &str) {
    let level = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_target(false)
        .with_writer(io::stderr);
    match kind {
        "json" => level.json().flatten_event(true).init(),
        _ => level.without_time().with_ansi(false).init(),
    }
}

async fn run(api: Api, data_dir: &Path, asked: Serve, ui: Option<PathBuf>) -> Result<(), Failed> {
    let stop =
        stop_signal().map_err(|error| Failed::Did(format!("The server cannot start: {error}.")))?;
    let listener = http::bind(asked.listen).await.map_err(Failed::Did)?;
    let (whom, greeting) = match asked.team {
        false => for_me(&listener, data_dir)?,
        true => for_a_team(&api, &listener, data_dir, &asked)?,
    };
    let reminding = match &asked.reminders {
        None => None,
        Some(file) => Some(reminding(file, data_dir)?),
    };
    let server = Server::new(api.clone(), listener, ui, whom).map_err(Failed::Did)?;
    match output::line(&greeting) {
        // Whoever started it may not want to read; browsers that know the link still come.
        Ok(()) | Err(Failed::NobodyReads) => {}
        Err(failed) => return Err(failed),
    }
    if asked.team {
        tracing::info!(listen = %server.address(), "serving");
    }
    let (stopped, stopping) = watch::channel(false);
    let reminders = reminding.map(|(settings, addresses)| {
        server.answer_for(addresses.clone());
        tokio::spawn(remind::keep_going(api, settings, addresses, stopping))
    });
    let stop = async move {
        stop.await;
        stopped.send_replace(true);
    };
    server
        .run(stop)
        .await
        .map_err(|error| Failed::Did(format!("The server stopped: {error}.")))?;
    if let Some(reminders) = reminders {
        // A mail that is on its way is written down; one whose server does not answer is found in doubt.
        let _ = tokio::time::timeout(LAST_MAIL, reminders).await;
    }
    if asked.team {
        tracing::info!("stopped; everything is saved");
    }
    Ok(())
}

/// Where reminders go out, and the addresses that stand in them.
fn reminding(file: &Path, data_dir: &Path) -> Result<(Settings, Addresses), Failed> {
    let settings = Settings::read(file).map_err(Failed::Did)?;
    let addresses = Addresses::new(&settings.address, data_dir).map_err(Failed::Did)?;
    Ok((settings, addresses))
}

fn for_me(listener: &TcpListener, data_dir: &Path) -> Result<(Whom, String), Failed> {
    let address = bound(listener)?;
    let token = http::access::kept_secret(data_dir);
    let greeting = format!("Debrief is at http://{address}/#token={token}");
    Ok((Whom::Me(token), greeting))
}

/// As the address says where it is; the first admin gets an invitation.
fn for_a_team(
    api: &Api,
    listener: &TcpListener,
    data_dir: &Path,
    asked: &Serve,
) -> Result<(Whom, String), Failed> {
    let address = bound(listener)?;
    let (acceptor, fingerprint) = encryption(api, address, data_dir, asked)?;
    let origin = match &asked.address {
        Some(origin) => origin.clone(),
        None => {
            let scheme = if acceptor.is_some() { "https" } else { "http" };
            if address.ip().is_unspecified() {
                return Err(Failed::Wrong(format!(
                    "{address} is every address of this machine: say with --address which one people type."
                )));
            }
            Origin::read(&format!("{scheme}://{address}")).map_err(Failed::Did)?
        }
    };
    handlers::serve_at(api, &origin.to_string(), fingerprint.as_deref())?;
    let known = handlers::account_list(api, Empty {})?;
    let admin = known
        .accounts
        .iter()
        .any(|account| account.ended_at.is_none() && account.role == AccountRole::Admin);
    let mut greeting = format!("Debrief is at {origin}");
    if !admin {
        // A workspace without an admin is nobody's: whoever started it becomes one.
        let invited = handlers::account_invite(
            api,
            AccountInvite {
                role: AccountRole::Admin,
                days: 1,
                ..AccountInvite::default()
            },
        )?;
        greeting.push_str(&format!(
            "\nOpen this link once to become its first admin: {}",
            invited.link
        ));
    }
    let team = Team {
        origin,
        acceptor,
        proxies: asked.proxy.clone().into(),
    };
    Ok((Whom::Team(team), greeting))
}

fn encryption(
    api: &Api,
    address: SocketAddr,
    data_dir: &Path,
    asked: &Serve,
) -> Result<(Option<TlsAcceptor>, Option<String>), Failed> {
    if let (Some(certificate), Some(key)) = (&asked.certificate, &asked.key) {
        let acceptor = certificate::from_files(certificate, key).map_err(Failed::Did)?;
        return Ok((Some(acceptor), None));
    }
    if asked.own_certificate {
        let own = certificate::of_workspace(data_dir, api.workspace(), address.ip(), api.now())?;
        return Ok((Some(own.acceptor), Some(own.fingerprint)));
    }
    Ok((None, None))
}

fn bound(listener: &TcpListener) -> Result<SocketAddr, Failed> {
    listener
        .local_addr()
        .map_err(|error| Failed::Did(format!("Debrief cannot listen: {error}.")))
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
