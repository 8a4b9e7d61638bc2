//! Taking connections: how many at once and from one address, how long a head may take, encryption, and an orderly end. Hyper
//! is used directly below axum's router, which knows no such limits.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::http::told_to_stop;

/// How long a connection may take for the head of a request, or for agreeing on the encryption.
const HEAD: Duration = Duration::from_secs(15);
/// Bytes of a request's head.
const HEAD_SIZE: usize = 32 * 1024;

/// Where a request came from.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// How many connections there may be.
#[derive(Clone)]
pub struct Limits {
    /// At once; more wait.
    pub all: usize,
    /// From one address, behind which there may be many people: nobody takes all places.
    pub of_one_address: usize,
    /// Addresses to which the last limit does not apply: proxies, behind which everybody is.
    pub proxies: Arc<[IpAddr]>,
}

/// Takes connections until it is told to stop. Each holds `open` for as long as it lasts.
pub async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    mut closing: watch::Receiver<bool>,
    open: Arc<()>,
) {
    let places = Arc::new(Semaphore::new(limits.all));
    let callers = Callers::default();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told_to_stop(&mut closing) => return,
        };
        let Ok(place) = place else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to_stop(&mut closing) => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(_) => {
                // Out of files, or the other side is gone already: what is open may end meanwhile.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // A socket for both families shows addresses of the older one as such of the newer.
        let peer = peer.ip().to_canonical();
        let caller = if limits.proxies.contains(&peer) {
            None
        } else if !limits.proxies.is_empty() && !peer.is_loopback() {
            // What comes past the proxy is not encrypted.
            continue;
        } else {
            let Some(caller) = callers.admit(peer, limits.of_one_address) else {
                continue;
            };
            Some(caller)
        };
        // Every keystroke is a small packet that must not wait for the next one.
        let _ = stream.set_nodelay(true);
        let router = router.clone().layer(Extension(Peer(peer)));
        let (acceptor, closing, open) = (acceptor.clone(), closing.clone(), Arc::clone(&open));
        tokio::spawn(async move {
            match acceptor {
                None => serve(stream, router, closing).await,
                Some(acceptor) => {
                    let agreed = tokio::time::timeout(HEAD, acceptor.accept(stream)).await;
                    if let Ok(Ok(stream)) = agreed {
                        serve(stream, router, closing).await;
                    }
                }
            }
            drop((place, caller, open));
        });
    }
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Callers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of an address; dropping it gives its place back.
struct Caller {
    callers: Callers,
    address: IpAddr,
}

impl Callers {
    /// Counts a connection, unless its address has so many already.
    fn admit(&self, address: IpAddr, most: usize) -> Option<Caller> {
        let mut open = self.open();
        let count = open.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Caller {
            callers: self.clone(),
            address,
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let mut open = self.callers.open();
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Answers the requests of one connection.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // What goes wrong on a connection is the other side's to notice.
        _ = &mut connection => return,
        () = told_to_stop(&mut closing) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_places_for_others() {
        const MOST: usize = 5;
        let callers = Callers::default();
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let mut open: Vec<_> = (0..MOST)
            .map(|_| callers.admit(one, MOST).expect("a place"))
            .collect();
        assert!(
            callers.admit(one, MOST).is_none(),
            "one address does not take all"
        );
        assert!(callers.admit(other, MOST).is_some(), "others still come in");
        open.pop();
        assert!(
            callers.admit(one, MOST).is_some(),
            "a place that is given back is free"
        );
        open.clear();
        assert!(
            callers.open().is_empty(),
            "nobody is remembered who has gone"
        );
    }
}
