//! Who may see what: the one place that decides it, for summaries and every export that is made for an audience.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::Visibility;

/// Who an export or a summary is made for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everyone in the company.
    #[default]
    Company,
    /// Those who lead it: they see what the company sees, and read less.
    Executives,
    /// Everyone outside.
    Customers,
}

/// Whether an event, finding or action item of this visibility may be shown to an audience. Sections have no visibility of
/// their own and count as [`Visibility::Company`].
pub fn may_see(audience: Audience, visibility: Visibility) -> bool {
    match (audience, visibility) {
        (_, Visibility::Room) => false,
        (_, Visibility::Customers) => true,
        (Audience::Company | Audience::Executives, Visibility::Company) => true,
        (Audience::Customers, Visibility::Company) => false,
    }
}
