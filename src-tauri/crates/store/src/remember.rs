//! Answers that hold until somebody commits something: counts and matches of whole lists, which every page of a list, and
//! every change of its order, asks for again.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::StoreError;
use crate::open::Store;

/// Answers that are kept at a time.
const KEPT: usize = 64;

#[derive(Default)]
pub struct Remembered(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    version: i64,
    answers: HashMap<String, Arc<dyn Any + Send + Sync>>,
}

impl Store {
    /// The answer to a question, from memory when nothing was committed since it was found. The question names everything
    /// that the answer depends on besides what is in the file.
    pub(crate) fn remember<T: Send + Sync + 'static>(
        &self,
        question: &str,
        find: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<Arc<T>, StoreError> {
        // The version is read first: an answer that is newer than its version is only found once more.
        let version = self.data_version()?;
        {
            let mut kept = self
                .remembered
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if kept.version != version {
                kept.version = version;
                kept.answers.clear();
            }
            if let Some(answer) = kept
                .answers
                .get(question)
                .cloned()
                .and_then(|answer| answer.downcast::<T>().ok())
            {
                return Ok(answer);
            }
        }
        let answer = Arc::new(find()?);
        let mut kept = self
            .remembered
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.version == version {
            if kept.answers.len() >= KEPT {
                kept.answers.clear();
            }
            kept.answers.insert(question.to_owned(), answer.clone());
        }
        Ok(answer)
    }
}
