//! Reads the times that people type.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::Precision;

/// What a typed time means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimeRead {
    /// One instant.
    Moment {
        /// UTC.
        #[ts(type = "string")]
        at: DateTime<Utc>,
        /// The zone it is meant in.
        zone: String,
        /// Exact or about.
        precision: Precision,
        /// How it will be shown: "10 Nov 2026, 16:05 CET".
        shown: String,
    },
    /// The clock showed this time twice; ask which.
    Ambiguous {
        /// The choices, earliest first.
        choices: Vec<TimeChoice>,
        /// The question.
        question: String,
    },
    /// The clock skipped this time; ask which neighbour was meant.
    Skipped {
        /// The choices, earliest first.
        choices: Vec<TimeChoice>,
        /// The question.
        question: String,
    },
    /// Not a time.
    Unreadable {
        /// What would be readable.
        message: String,
    },
}

/// One meaning of an ambiguous or skipped time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeChoice {
    /// UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// "2:30 summer time (CEST)".
    pub label: String,
}
