//! Columns of a postmortem's row that summaries count: its times, its first public word, and who noticed first.

use model::summary::{IncidentFacts, Known, Noticed};
use rusqlite::Row;
use rusqlite::types::Value;

use crate::table::postmortem::time;
use crate::table::projected::{Values, integer, text};
use crate::words::{value, word};

/// Bit of `estimates` that says that the first public word is an estimate; the lower ones are T0's to T7's.
const WORD_ABOUT: usize = 8;
/// `noticed_by`: customers noticed first.
const CUSTOMERS: &str = "customers";
/// `noticed_by`: somebody else did.
const OTHERS: &str = "others";

/// The columns' values.
pub fn values(facts: &IncidentFacts) -> Values {
    let times = facts.anchors.iter().chain([&facts.first_word]);
    let estimates = times
        .clone()
        .enumerate()
        .filter(|(_, known)| known.is_some_and(|known| known.about))
        .fold(0_i64, |bits, (at, _)| bits | 1 << at);
    let at = |known: &Option<Known>| integer(known.map(|known| known.at.timestamp_millis()));
    let mut values: Values = facts.anchors.iter().map(at).collect();
    let noticed = facts.noticed.map_or("", |noticed| {
        if noticed.by_customers {
            CUSTOMERS
        } else {
            OTHERS
        }
    });
    values.extend([
        Value::Integer(estimates),
        at(&facts.first_word),
        text(noticed),
        text(word(facts.noticed.map(|noticed| noticed.visibility))),
    ]);
    values
}

/// Columns that [`read`] reads, in its order.
pub const COLUMNS: &str = "p.t0, p.t1, p.t2, p.t3, p.t4, p.t5, p.t6, p.t7, p.estimates, p.first_word, p.noticed_by, p.noticed_visibility";

/// The facts in a row, from a column on.
pub fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<IncidentFacts> {
    let estimates: i64 = row.get(from + 8)?;
    let known = |column: usize, bit: usize| -> rusqlite::Result<Option<Known>> {
        let at = row.get::<_, Option<i64>>(column)?.and_then(time);
        let about = estimates >> bit & 1 == 1;
        Ok(at.map(|at| Known { at, about }))
    };
    let mut facts = IncidentFacts {
        first_word: known(from + 9, WORD_ABOUT)?,
        ..IncidentFacts::default()
    };
    for (at, anchor) in facts.anchors.iter_mut().enumerate() {
        *anchor = known(from + at, at)?;
    }
    let noticed = row.get_ref(from + 10)?.as_str()?;
    facts.noticed = match value(row.get_ref(from + 11)?.as_str()?) {
        Some(visibility) if !noticed.is_empty() => Some(Noticed {
            by_customers: noticed == CUSTOMERS,
            visibility,
        }),
        _ => None,
    };
    Ok(facts)
}
