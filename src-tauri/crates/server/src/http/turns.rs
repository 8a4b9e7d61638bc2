//! How much one account may ask at once: nobody keeps the others waiting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use api::error::ErrorCode;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::access::Asking;
use super::answer::Failure;
use crate::share::line::{Line, until_sent};

/// Open documents and streams of changes of one account.
const STREAMS: usize = 200;

/// A turn: it is over when nobody holds it any more.
pub type Turn = Arc<OwnedSemaphorePermit>;

/// Where an account's requests wait.
pub struct Turns {
    requests: Line,
    streams: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            requests: Line::new(8, 256),
            streams: Arc::new(Semaphore::new(STREAMS)),
        }
    }
}

impl Turns {
    /// A place for something that stays open. Errors: 429 when the account has very many open.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| {
            Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::Refused,
                "Very much is open under your account already. Close some pages and try again.",
            )
        })
    }
}

/// The turns of everybody who has asked something and is not done.
#[derive(Default)]
pub struct AllTurns {
    host: Arc<Turns>,
    accounts: Mutex<HashMap<String, Weak<Turns>>>,
}

impl AllTurns {
    /// Those of whoever opened the printed link.
    pub fn of_the_host(&self) -> Arc<Turns> {
        Arc::clone(&self.host)
    }

    /// Those of an account.
    pub fn of(&self, account: &str) -> Arc<Turns> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = accounts.get(account).and_then(Weak::upgrade) {
            return turns;
        }
        accounts.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Turns::default());
        accounts.insert(account.to_owned(), Arc::downgrade(&turns));
        turns
    }
}

/// Lets a request wait until it is its turn, which lasts until its answer has been taken.
pub async fn in_turn(mut request: Request, next: Next) -> Response {
    let Some(asking) = request.extensions_mut().get_mut::<Asking>() else {
        return next.run(request).await;
    };
    let turn: Turn = match asking.turns.requests.turn().await {
        Ok(turn) => Arc::new(turn),
        Err(failure) => return failure.into_response(),
    };
    asking.turn = Some(Arc::clone(&turn));
    let answer = next.run(request).await;
    match until_sent(answer, turn, usize::MAX).await {
        Ok(answer) => answer,
        Err(failure) => failure.into_response(),
    }
}
