//! Whoever serves the workspace, as a replica sees it.

use api::error::{ApiError, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why the served workspace did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// It is not reached, or what answers makes no sense; a sentence. Later it may be.
    Away(String),
    /// It knows this account no more; a sentence.
    Ended(String),
    /// It was reached and said no.
    Said(ApiError),
}

/// The served workspace. Calls block.
pub trait Host: Send + Sync {
    /// Runs one command there.
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError>;
    /// An image by its hash; nothing when there is none.
    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError>;
    /// Keeps an image there.
    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError>;
}

/// Runs a command with its types.
pub(crate) fn ask<Q: Serialize, A: DeserializeOwned>(
    host: &dyn Host,
    command: &str,
    request: &Q,
) -> Result<A, HostError> {
    let strange = |_| {
        HostError::Away(
            "What is served there says something that this Debrief does not know. Is one of the two older?".into(),
        )
    };
    let request = serde_json::to_value(request).map_err(strange)?;
    serde_json::from_value(host.call(command, request)?).map_err(strange)
}

impl HostError {
    /// As whoever signs in is told it.
    pub(crate) fn into_sign_in(self) -> ApiError {
        match self {
            Self::Away(sentence) => ApiError::new(ErrorCode::Unavailable, sentence),
            Self::Ended(sentence) => ApiError::new(ErrorCode::Refused, sentence),
            Self::Said(error) => error,
        }
    }

    /// As a command answers it.
    pub fn into_api(self) -> ApiError {
        match self {
            Self::Away(sentence) => ApiError::new(
                ErrorCode::Unavailable,
                format!(
                    "{sentence} This is done there, so it waits until you are connected again."
                ),
            ),
            Self::Ended(sentence) => ApiError::new(ErrorCode::Refused, sentence),
            Self::Said(error) => error,
        }
    }
}
