//! The list of action items of all postmortems.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use model::edit::is_settled;
use model::list::{ActionFilter, ActionPage, ActionRow, FindingRef};
use model::postmortem::{ActionItem, ActionStatus, Image, PersonId, Postmortem, Priority};
use model::summary::opened_at;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::postmortem::{Where, day_start, severity, time};
use crate::table::projected::{Projected, Values, flag, integer, prose, text};
use crate::table::search;
use crate::words::{value, word};

/// Action items.
pub const ACTION: Projected = Projected {
    name: "action",
    many: true,
    columns: &[
        "number",
        "text",
        "done_when",
        "owner",
        "due",
        "priority",
        "type",
        "status",
        "settled_at",
        "evidence",
        "reason",
        "verified",
        "ticket",
        "findings",
        "sort_key",
        "trashed",
        "opened_at",
        "visibility",
        "moves",
        "reopened",
        "evidence_image",
        "evidence_skipped",
        "check_on",
    ],
};

/// Rows of a page when the filter names no limit.
pub const PAGE: u32 = 500;
/// Words of a query that may stand partly in a text and partly in a title.
const MIXED: usize = 3;
/// `sort_key` of unsettled items without a due day; those with one have a smaller key.
pub const NO_DUE: i64 = 1_000_000_000;
/// `sort_key` of an item settled in 1970; later ones have a smaller key, so that the newest comes first.
pub const SETTLED: i64 = 1_000_000_000_000_000;

/// Findings that each action item answers, as the list shows them.
pub fn findings_by_action(snapshot: &Postmortem) -> HashMap<&str, Vec<FindingRef>> {
    let mut out: HashMap<&str, Vec<FindingRef>> = HashMap::new();
    for finding in &snapshot.findings {
        for action in &finding.actions {
            let entry = FindingRef {
                id: finding.id.clone(),
                number: finding.number,
                text: finding.text.clone(),
            };
            out.entry(action).or_default().push(entry);
        }
    }
    out
}

pub fn values(
    item: &ActionItem,
    findings: &HashMap<&str, Vec<FindingRef>>,
    trashed: bool,
) -> Values {
    let findings = findings
        .get(item.id.as_str())
        .map_or(&[][..], Vec::as_slice);
    vec![
        integer(item.number),
        prose(&item.text),
        prose(&item.done_when),
        text(item.owner.clone().unwrap_or_default()),
        item.due.map_or(Value::Null, |due| text(due.to_string())),
        text(word(item.priority)),
        text(word(item.action_type)),
        text(word(Some(item.status))),
        integer(item.settled_at.map(|at| at.timestamp_millis())),
        prose(&item.evidence),
        prose(&item.reason),
        flag(item.verified.is_some()),
        prose(&item.ticket),
        text(serde_json::to_string(findings).unwrap_or_default()),
        Value::Integer(sort_key(item)),
        flag(trashed),
        integer(opened_at(&item.id).map(|at| at.timestamp_millis())),
        text(word(Some(item.visibility))),
        Value::Integer(item.moves.len() as i64),
        Value::Integer(item.reopened.len() as i64),
        item.evidence_image.as_ref().map_or_else(
            || text(""),
            |image| prose(&format!("{}|{}", image.hash, image.alt)),
        ),
        flag(item.evidence_skipped),
        // Only while somebody is to be asked: an index finds those by their day.
        item.check_on
            .filter(|_| item.status == ActionStatus::Done && item.verified.is_none())
            .map_or(Value::Null, |day| text(day.to_string())),
    ]
}

/// Unsettled by due day and priority, then settled, newest first: one number, so that one index gives the list's order.
fn sort_key(item: &ActionItem) -> i64 {
    if is_settled(item.status) {
        let at = item.settled_at.map_or(0, |at| at.timestamp_millis());
        return SETTLED - at;
    }
    let priority = match item.priority {
        Some(Priority::P0) => 0,
        Some(Priority::P1) => 1,
        Some(Priority::P2) => 2,
        Some(Priority::P3) => 3,
        None => 4,
    };
    item.due.map_or(NO_DUE, day_key) + priority
}

/// `sort_key` of the most urgent item of a day. Days before the year 0 count as that.
pub fn day_key(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()).max(0) * 8
}

pub fn is_trashed(sql: &Connection, doc: &str) -> Result<bool, StoreError> {
    let trashed = sql
        .prepare_cached("SELECT trashed_at IS NOT NULL FROM document WHERE id = ?1")?
        .query_row([doc], |row| row.get(0))
        .optional()?;
    Ok(trashed.unwrap_or(false))
}

pub const FROM: &str =
    "action a JOIN postmortem p ON p.doc_id = a.doc_id LEFT JOIN person o ON o.id = a.owner";
pub const COLUMNS: &str = "a.doc_id, p.title, p.severity, a.trashed, a.id, a.number, a.text, a.done_when, a.owner, o.name, a.due, \
                       a.priority, a.type, a.status, a.settled_at, a.evidence, a.reason, a.verified, a.ticket, a.findings, \
                       a.moves, a.reopened, a.evidence_image, a.evidence_skipped, a.check_on, \
                       o.team, p.services, p.status";
/// The columns of a file that may only be read and that an older Debrief wrote: what it did not know is not there.
const OLD_COLUMNS: &str = "a.doc_id, p.title, p.severity, a.trashed, a.id, a.number, a.text, a.done_when, a.owner, o.name, a.due, \
                           a.priority, a.type, a.status, a.settled_at, a.evidence, a.reason, a.verified, a.ticket, a.findings, \
                           0, 0, '', 0, NULL, NULL, p.services, p.status";
/// The version of the file that has them all.
const SINCE: i64 = 7;

impl Store {
    /// A page of action items. `today` is the computer's day and `zone` its zone: days of the filter are its days. Settled items of postmortems in the trash are left out;
    /// unsettled ones stay, marked, until their postmortem is erased.
    pub fn actions(
        &self,
        filter: &ActionFilter,
        today: NaiveDate,
        zone: Tz,
    ) -> Result<ActionPage, StoreError> {
        let words = search::tokens(&filter.query);
        let reader = self.reader()?;
        let older = is_older(&reader)?;
        if let Some(grouping) = filter.group.filter(|_| !older) {
            drop(reader);
            return self.grouped_actions(filter, grouping, (today, zone), &words);
        }
        if !words.is_empty() {
            self.refresh_search_if_stale();
        }
        let conditions = conditions(filter, (today, zone), words);
        let tx = reader.unchecked_transaction()?;
        let mut page = ActionPage {
            rows: Vec::new(),
            total: 0,
            open: 0,
            done: 0,
            groups: Vec::new(),
            today,
        };
        // The plus signs keep SQLite from the index by status where another one fits better: the one that gives the order
        // stops at the end of the page.
        let mut ordered = conditions.sql().replace("a.status", "+a.status");
        let counted = if filter.overdue || filter.owner.is_some() || filter.unowned {
            ordered.clone()
        } else {
            conditions.sql()
        };
        let count = format!(
            "SELECT count(*), total(a.status IN ('open', 'in_progress')), total(a.status = 'done') FROM action a WHERE {counted}"
        );
        let question = format!("action items {count} {:?}", conditions.values);
        (page.total, page.open, page.done) = *self.remember(&question, || {
            Ok(tx.prepare_cached(&count)?.query_row(
                params_from_iter(&conditions.values),
                |row| {
                    // total() gives a float; a count of rows is a whole one that fits.
                    let whole = |at| row.get::<_, f64>(at).map(|count| count as u32);
                    Ok((row.get(0)?, whole(1)?, whole(2)?))
                },
            )?)
        })?;
        if unsettled_only(filter) {
            ordered.push_str(&format!(" AND a.sort_key < {}", NO_DUE + 8));
        }
        let limit = if filter.limit == 0 {
            PAGE
        } else {
            filter.limit
        };
        let select = format!(
            "SELECT {} FROM {FROM} WHERE {ordered} ORDER BY a.sort_key, a.key LIMIT ? OFFSET ?",
            if older { OLD_COLUMNS } else { COLUMNS }
        );
        let paging = [
            Value::Integer(limit.into()),
            Value::Integer(filter.offset.into()),
        ];
        let mut statement = tx.prepare_cached(&select)?;
        let rows = statement.query_map(
            params_from_iter(conditions.values.iter().chain(&paging)),
            read,
        )?;
        page.rows = rows.collect::<Result<_, _>>()?;
        Ok(page)
    }

    /// One action item.
    pub fn action(&self, doc: &str, id: &str) -> Result<Option<ActionRow>, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached(&format!(
                "SELECT {} FROM {FROM} WHERE a.doc_id = ?1 AND a.id = ?2",
                if is_older(&reader)? {
                    OLD_COLUMNS
                } else {
                    COLUMNS
                }
            ))?
            .query_row([doc, id], read)
            .optional()?)
    }

    /// How many unsettled action items each person owns, those of postmortems in the trash included.
    pub fn open_actions_by_owner(&self) -> Result<BTreeMap<PersonId, u32>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT owner, count(*) FROM action WHERE +status IN ('open', 'in_progress') AND owner > '' GROUP BY owner",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Whether an older Debrief wrote the file, which can be so where it may only be read.
fn is_older(sql: &Connection) -> Result<bool, StoreError> {
    let version: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version < SINCE)
}

fn conditions(filter: &ActionFilter, (today, zone): (NaiveDate, Tz), words: Vec<String>) -> Where {
    let mut out = Where::default();
    out.and("(a.trashed = 0 OR a.status IN ('open', 'in_progress'))", []);
    if let Some(owner) = &filter.owner {
        out.and("a.owner = ?", [text(owner.as_str())]);
    }
    if filter.unowned {
        out.and("a.owner = ''", []);
    }
    if let Some(team) = &filter.team {
        out.and(
            "a.owner IN (SELECT id FROM person WHERE team = ?)",
            [text(team.as_str())],
        );
    }
    out.any_of(
        "a.status",
        filter
            .statuses
            .iter()
            .map(|status| text(word(Some(*status))))
            .collect(),
    );
    if filter.overdue {
        out.and("a.sort_key < ?", [Value::Integer(day_key(today))]);
    }
    if let Some(doc) = &filter.doc {
        out.and("a.doc_id = ?", [text(doc.as_str())]);
    }
    out.any_of(
        "a.priority",
        filter
            .priorities
            .iter()
            .map(|priority| text(word(Some(*priority))))
            .collect(),
    );
    if !filter.services.is_empty() {
        let marks = vec!["?"; filter.services.len()].join(", ");
        out.and(
            format!("a.doc_id IN (SELECT doc_id FROM postmortem_service WHERE id IN ({marks}))"),
            filter.services.iter().map(|id| text(id.as_str())),
        );
    }
    if !words.is_empty() {
        let (condition, values) = containing(&words);
        out.and(condition, values);
    }
    if let Some(since) = filter.settled_since {
        // An item's place says when it was settled; asking the place alone, an index answers.
        out.and(
            format!("(a.sort_key < {} OR a.sort_key <= ?)", NO_DUE + 8),
            [Value::Integer(SETTLED - day_start(since, zone))],
        );
    }
    out
}

fn unsettled_only(filter: &ActionFilter) -> bool {
    !filter.statuses.is_empty() && !filter.statuses.iter().any(|status| is_settled(*status))
}

/// The condition that every word stands in the item's text or in its postmortem's title. Of up to [`MIXED`] words some may
/// stand here and some there; of more, all must stand in one of the two.
fn containing(words: &[String]) -> (String, Vec<Value>) {
    const IN_TITLE: &str = "a.doc_id IN (SELECT e.doc_id FROM search_entry e
        WHERE e.kind = 'postmortem' AND e.key IN (SELECT rowid FROM search WHERE search MATCH ?))";
    const IN_TEXT: &str = "a.key IN (SELECT m.key FROM search_entry e JOIN action m ON m.doc_id = e.doc_id AND m.id = e.id
        WHERE e.kind = 'action' AND e.key IN (SELECT rowid FROM search WHERE search MATCH ?))";
    // As IN_TEXT, for when titles have left few to look at.
    const IN_THIS_TEXT: &str = "EXISTS (SELECT 1 FROM search_entry e WHERE e.doc_id = a.doc_id AND e.kind = 'action' AND e.id = a.id
        AND e.key IN (SELECT rowid FROM search WHERE search MATCH ?))";
    let everything = 1_usize << words.len().min(16);
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    for in_text in 0..everything {
        let pure = in_text == 0 || in_text + 1 == everything;
        if !pure && words.len() > MIXED {
            continue;
        }
        let (text_words, title_words): (Vec<_>, Vec<_>) = words
            .iter()
            .enumerate()
            .partition(|(at, _)| in_text >> at & 1 == 1);
        let mut both = Vec::new();
        let in_text_sql = if pure { IN_TEXT } else { IN_THIS_TEXT };
        for (place, chosen) in [(IN_TITLE, title_words), (in_text_sql, text_words)] {
            if !chosen.is_empty() {
                both.push(place);
                values.push(text(search::all_beginning_with(
                    chosen.into_iter().map(|(_, word)| word),
                )));
            }
        }
        conditions.push(format!("({})", both.join(" AND ")));
    }
    (format!("({})", conditions.join(" OR ")), values)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<ActionRow> {
    let owner: String = row.get(8)?;
    let findings = row.get_ref(19)?.as_str()?;
    Ok(ActionRow {
        doc: row.get(0)?,
        doc_title: row.get(1)?,
        severity: severity(row.get(2)?),
        trashed: row.get(3)?,
        id: row.get(4)?,
        number: row.get(5)?,
        text: row.get(6)?,
        done_when: row.get(7)?,
        owner_name: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
        owner: (!owner.is_empty()).then_some(owner),
        due: row
            .get_ref(10)?
            .as_str_or_null()?
            .and_then(|due| due.parse().ok()),
        priority: value(row.get_ref(11)?.as_str()?),
        action_type: value(row.get_ref(12)?.as_str()?),
        status: value(row.get_ref(13)?.as_str()?).unwrap_or_default(),
        settled_at: row.get::<_, Option<i64>>(14)?.and_then(time),
        evidence: row.get(15)?,
        reason: row.get(16)?,
        verified: row.get(17)?,
        ticket: row.get(18)?,
        findings: if findings == "[]" {
            Vec::new()
        } else {
            serde_json::from_str(findings).unwrap_or_default()
        },
        moves: row.get(20)?,
        reopened: row.get(21)?,
        evidence_image: row
            .get_ref(22)?
            .as_str()?
            .split_once('|')
            .map(|(hash, alt)| Image {
                hash: hash.to_owned(),
                alt: alt.to_owned(),
            }),
        evidence_skipped: row.get(23)?,
        check_on: row
            .get_ref(24)?
            .as_str_or_null()?
            .and_then(|day| day.parse().ok()),
        team: row.get::<_, Option<String>>(25)?.unwrap_or_default(),
        services: serde_json::from_str(row.get_ref(26)?.as_str()?).unwrap_or_default(),
        doc_status: value(row.get_ref(27)?.as_str()?).unwrap_or_default(),
    })
}
