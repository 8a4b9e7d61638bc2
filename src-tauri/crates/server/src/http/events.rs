//! `GET /events`: what changed, as server-sent events.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream;
use tokio::sync::mpsc;

use super::{Shared, told_to_stop};

/// Changes that may wait for one slow reader. When more would, the stream ends: the page reconnects and loads again.
const WAITING: usize = 256;

/// Tells of every change until the page goes away or the server stops.
pub async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let (full, is_full) = tokio::sync::watch::channel(false);
    let subscription = shared.api().subscribe(move |changed| {
        if sender.try_send(changed.clone()).is_err() {
            full.send_replace(true);
        }
    });
    let closing = shared.closing();
    let stream = stream::unfold(
        (receiver, subscription, is_full, closing),
        |(mut receiver, subscription, mut is_full, mut closing)| async move {
            let changed = tokio::select! {
                changed = receiver.recv() => changed,
                () = told_to_stop(&mut is_full) => None,
                () = told_to_stop(&mut closing) => None,
            }?;
            let event = Event::default().json_data(&changed).ok()?;
            Some((Ok(event), (receiver, subscription, is_full, closing)))
        },
    );
    Sse::new(stream).keep_alive(KeepAlive::default())
}
