//! A line in which a guest's requests wait: few are worked at once, and no more wait than is fair.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::error::ErrorCode;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::answer::Failure;

/// A line.
pub struct Line {
    at_once: Arc<Semaphore>,
    waiting: AtomicUsize,
    longest: usize,
}

/// One who waits; dropping it is leaving the line.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Line {
    /// `at_once` are worked at the same time, `longest` wait.
    pub fn new(at_once: usize, longest: usize) -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            longest,
        }
    }

    /// Waits until it is one's turn, which lasts until the permit is dropped.
    ///
    /// Errors: 429 when the line is too long.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if let Ok(permit) = Arc::clone(&self.at_once).try_acquire_owned() {
            return Ok(permit);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.longest {
            return Err(too_many());
        }
        // A line is never closed.
        Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(|_| too_many())
    }
}

/// Bytes that are sent while it is somebody's turn.
struct Sent<T> {
    bytes: Bytes,
    _turn: T,
}

impl<T> AsRef<[u8]> for Sent<T> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// An answer of at most so many bytes, which are in memory until the other side has taken them: the turn lasts as long.
///
/// Errors: an answer that is longer.
pub async fn until_sent<T: Send + 'static>(
    answer: Response,
    turn: T,
    most: usize,
) -> Result<Response, Failure> {
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, most).await.map_err(|_| {
        Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            "This image is larger than it can be here.",
        )
    })?;
    let bytes = Bytes::from_owner(Sent { bytes, _turn: turn });
    Ok(Response::from_parts(head, Body::from(bytes)))
}

fn too_many() -> Failure {
    Failure::new(
        StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Refused,
        "Too much was asked at once. Wait a moment and try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_works_few_at_once_and_lets_few_wait() {
        let line = Arc::new(Line::new(2, 1));
        let (first, second) = (line.turn().await, line.turn().await);
        assert!(first.is_ok() && second.is_ok(), "two are worked at once");
        let waiting = tokio::spawn({
            let line = Arc::clone(&line);
            async move { line.turn().await.is_ok() }
        });
        while line.waiting.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let refused = line.turn().await.expect_err("the line is full");
        assert_eq!(
            refused.0,
            StatusCode::TOO_MANY_REQUESTS,
            "and that is told: {}",
            refused.1
        );
        drop(first);
        assert!(waiting.await.expect("it ends"), "whoever waited comes next");
        assert_eq!(
            line.waiting.load(Ordering::Relaxed),
            0,
            "nobody waits any more"
        );
        drop(second);
        assert!(line.turn().await.is_ok(), "the line goes on");
    }

    #[tokio::test]
    async fn a_turn_lasts_until_what_was_read_is_sent() {
        let line = Line::new(1, 0);
        let turn = line.turn().await.ok().expect("nobody else is there");
        let image = Response::new(Body::from(vec![7; 100]));
        let answer = until_sent(image, turn, 100).await.ok().expect("an answer");
        assert!(line.turn().await.is_err(), "its bytes wait to be sent");
        let mut bytes = to_bytes(answer.into_body(), 100).await.expect("the bytes");
        let rest = bytes.split_off(50);
        drop(bytes);
        assert!(line.turn().await.is_err(), "half of them is not all");
        assert_eq!(rest.as_ref(), [7; 50], "they arrive as they were");
        drop(rest);
        assert!(line.turn().await.is_ok(), "then it is the next one's turn");
    }
}
