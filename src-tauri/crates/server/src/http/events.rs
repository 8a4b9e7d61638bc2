//! `GET /events`: what changed, as server-sent events.

use std::convert::Infallible;
use std::pin::Pin;

use api::Api;
use axum::Extension;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream;
use model::list::Changed;
use tokio::sync::{mpsc, watch};

use super::access::Asking;
use super::answer::Failure;
use super::team::until_rights_change;
use super::{Shared, told_to_stop};

/// Changes that may wait for one slow reader. When more would, the stream ends: the page reconnects and loads again.
const WAITING: usize = 256;

/// Tells of every change until the page goes away or the server stops.
pub async fn events(
    State(shared): State<Shared>,
    Extension(asking): Extension<Asking>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let mut closing = shared.closing();
    let place = asking.turns.stream()?;
    let hears = asking.api.clone();
    let api = asking.api.clone();
    let over = async move {
        tokio::select! {
            () = told_to_stop(&mut closing) => {}
            _ = until_rights_change(asking) => {}
        }
        drop(place);
    };
    Ok(stream(
        &api,
        Box::new(move |changed| hears.may_hear_of(changed)),
        Box::pin(over),
    ))
}

/// Tells of the changes that `wanted` picks, until the page goes away or `over` is.
pub fn stream(
    api: &Api,
    wanted: Box<dyn Fn(&Changed) -> bool + Send + Sync>,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let (full, is_full) = watch::channel(false);
    let subscription = api.subscribe(move |changed| {
        if wanted(changed) && sender.try_send(changed.clone()).is_err() {
            full.send_replace(true);
        }
    });
    let stream = stream::unfold(
        (receiver, subscription, is_full, over),
        |(mut receiver, subscription, mut is_full, mut over)| async move {
            let changed = tokio::select! {
                changed = receiver.recv() => changed,
                () = told_to_stop(&mut is_full) => None,
                _ = &mut over => None,
            }?;
            let event = Event::default().json_data(&changed).ok()?;
            Some((Ok(event), (receiver, subscription, is_full, over)))
        },
    );
    Sse::new(stream).keep_alive(KeepAlive::default())
}
