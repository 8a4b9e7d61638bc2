//! What a summary is made of, gathered with a few statements, each of which reads a table once.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use model::postmortem::{DocId, Participant, Visibility};
use model::summary::{
    ActionRow, Context, FindingRow, FocusTexts, Gathered, IncidentRow, Summary, SummaryScope,
    summarize,
};
use model::visibility::Audience;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::check::is_behind;
use crate::error::StoreError;
use crate::open::Store;
use crate::table::postmortem::{Where, day_start, list, severity, severity_number, time};
use crate::table::projected::text;
use crate::table::{directory, facts};
use crate::words::value;

impl Store {
    /// The summary of a scope. `today` and the days of the scope are days of `zone`, the workspace's.
    ///
    /// Errors: `Refused` when the file is open for reading alone and an older Debrief wrote it.
    pub fn summary(
        &self,
        scope: &SummaryScope,
        today: NaiveDate,
        zone: Tz,
    ) -> Result<Summary, StoreError> {
        let gathered = self.gather(scope, zone)?;
        let context = Context {
            today,
            zone,
            service_names: directory::service_names(&*self.reader()?)?,
        };
        Ok(summarize(scope, &gathered, &context))
    }

    /// The rows that a summary is made of, all from one state of the file.
    ///
    /// Errors: as [`Store::summary`].
    pub fn gather(&self, scope: &SummaryScope, zone: Tz) -> Result<Gathered, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        if is_behind(&tx)? {
            return Err(StoreError::Refused(
                "An older Debrief wrote this workspace. Open it once where it can be written to; then it can be summed up."
                    .into(),
            ));
        }
        let incidents = incidents(&tx, scope, zone)?;
        let places: HashMap<String, usize> = incidents
            .iter()
            .enumerate()
            .map(|(at, incident)| (incident.doc.clone(), at))
            .collect();
        let all: u32 = tx.query_row("SELECT count(*) FROM postmortem", [], |row| row.get(0))?;
        let of = Of {
            places: &places,
            few: u32::try_from(places.len() * 2).is_ok_and(|twice| twice < all),
        };
        Ok(Gathered {
            findings: of.rows(&tx, "finding", FINDING, finding)?,
            actions: of.rows(&tx, "action", ACTION, action)?,
            focus: match &scope.focus {
                Some(doc) if places.contains_key(doc) => Some(focus(&tx, doc)?),
                _ => None,
            },
            incidents,
        })
    }
}

impl Store {
    /// Every tag of the postmortems that are not in the trash, in the order of the alphabet.
    pub fn tags(&self) -> Result<Vec<String>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT DISTINCT t.id FROM postmortem_tag t JOIN postmortem p ON p.doc_id = t.doc_id
             WHERE p.trashed = 0 ORDER BY t.id",
        )?;
        let tags = statement.query_map([], |row| row.get(0))?;
        Ok(tags.collect::<Result<_, _>>()?)
    }

    /// Who took part in each postmortem, by document, in the order in which they came into lists. Titles are not among what lists keep; they are empty.
    pub fn participants(&self) -> Result<HashMap<DocId, Vec<Participant>>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT doc_id, id, person, name, role FROM participant ORDER BY key",
        )?;
        let mut rows = statement.query([])?;
        let mut found: HashMap<DocId, Vec<Participant>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let person: String = row.get(2)?;
            let role: String = row.get(4)?;
            found.entry(row.get(0)?).or_default().push(Participant {
                id: row.get(1)?,
                person: (!person.is_empty()).then_some(person),
                name: row.get(3)?,
                role: value(&role).unwrap_or_default(),
                title: String::new(),
            });
        }
        Ok(found)
    }
}

fn incidents(
    sql: &Connection,
    scope: &SummaryScope,
    zone: Tz,
) -> Result<Vec<IncidentRow>, StoreError> {
    let mut conditions = Where::default();
    conditions.and("p.trashed = 0", []);
    let severities = scope
        .severities
        .iter()
        .map(|severity| Value::Integer(severity_number(*severity)))
        .collect();
    conditions.any_of("p.severity", severities);
    for (condition, wanted) in [
        (
            "p.doc_id IN (SELECT doc_id FROM postmortem_service WHERE id IN (SELECT value FROM json_each(?)))",
            &scope.services,
        ),
        (
            "p.doc_id IN (SELECT doc_id FROM postmortem_tag WHERE id IN (SELECT value FROM json_each(?)))",
            &scope.tags,
        ),
        (
            "p.doc_id IN (SELECT value FROM json_each(?))",
            &scope.postmortems,
        ),
    ] {
        if !wanted.is_empty() {
            conditions.and(condition, [json(wanted)]);
        }
    }
    // Those without a date are told of.
    conditions.and(
        "(p.starts IS NULL OR p.starts >= ?)",
        [Value::Integer(day_start(scope.from, zone))],
    );
    if let Some(after) = scope.to.succ_opt() {
        conditions.and(
            "(p.starts IS NULL OR p.starts < ?)",
            [Value::Integer(day_start(after, zone))],
        );
    }
    let for_customers = match scope.audience {
        Audience::Customers => FOR_CUSTOMERS,
        Audience::Company | Audience::Executives => "0",
    };
    let select = format!(
        "SELECT p.doc_id, p.title, p.severity, p.status, p.services, p.starts, {for_customers}, {} FROM postmortem p
         WHERE {}",
        facts::COLUMNS,
        conditions.sql()
    );
    let mut statement = sql.prepare_cached(&select)?;
    let rows = statement.query_map(params_from_iter(&conditions.values), |row| {
        Ok(IncidentRow {
            doc: row.get(0)?,
            title: row.get(1)?,
            severity: severity(row.get(2)?),
            status: value(row.get_ref(3)?.as_str()?).unwrap_or_default(),
            services: list(row, 4)?,
            starts: row.get::<_, Option<i64>>(5)?.and_then(time),
            for_customers: row.get(6)?,
            facts: facts::read(row, 7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Something in the postmortem is marked for customers.
const FOR_CUSTOMERS: &str =
    "(EXISTS (SELECT 1 FROM event e WHERE e.doc_id = p.doc_id AND e.visibility = 'customers')
    OR EXISTS (SELECT 1 FROM finding f WHERE f.doc_id = p.doc_id AND f.visibility = 'customers')
    OR EXISTS (SELECT 1 FROM action a WHERE a.doc_id = p.doc_id AND a.visibility = 'customers'))";

fn json(words: &[String]) -> Value {
    text(serde_json::to_string(words).unwrap_or_default())
}

/// The incidents whose rows are wanted.
struct Of<'p> {
    places: &'p HashMap<String, usize>,
    /// They are fewer than half of all: looking each up is faster than reading the whole table.
    few: bool,
}

impl Of<'_> {
    /// Rows of a table; the first column of each is its document.
    fn rows<T>(
        &self,
        sql: &Connection,
        table: &str,
        columns: &str,
        read: impl Fn(&Row<'_>, usize) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut select = format!("SELECT doc_id, {columns} FROM {table}");
        let mut docs = Vec::new();
        if self.few {
            select.push_str(" WHERE doc_id IN (SELECT value FROM json_each(?))");
            let ids: Vec<&String> = self.places.keys().collect();
            docs.push(text(serde_json::to_string(&ids).unwrap_or_default()));
        }
        let mut statement = sql.prepare_cached(&select)?;
        let mut rows = statement.query(params_from_iter(docs))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let doc = row.get_ref(0)?.as_str().unwrap_or_default();
            if let Some(place) = self.places.get(doc) {
                found.push(read(row, *place)?);
            }
        }
        Ok(found)
    }
}

const FINDING: &str = "number, kind, phase, theme, text, visibility, actions";

fn finding(row: &Row<'_>, incident: usize) -> rusqlite::Result<FindingRow> {
    Ok(FindingRow {
        incident,
        number: row.get(1)?,
        kind: value(row.get_ref(2)?.as_str()?).unwrap_or_default(),
        phase: value(row.get_ref(3)?.as_str()?),
        theme: row.get(4)?,
        text: row.get(5)?,
        visibility: visibility(row, 6)?,
        actions: list(row, 7)?,
    })
}

const ACTION: &str = "id, number, text, status, due, opened_at, settled_at,
    CASE status WHEN 'declined' THEN reason ELSE '' END, verified, visibility";

fn action(row: &Row<'_>, incident: usize) -> rusqlite::Result<ActionRow> {
    Ok(ActionRow {
        incident,
        id: row.get(1)?,
        number: row.get(2)?,
        text: row.get(3)?,
        status: value(row.get_ref(4)?.as_str()?).unwrap_or_default(),
        due: row
            .get_ref(5)?
            .as_str_or_null()?
            .and_then(|due| due.parse().ok()),
        opened_at: row.get::<_, Option<i64>>(6)?.and_then(time),
        settled_at: row.get::<_, Option<i64>>(7)?.and_then(time),
        reason: row.get(8)?,
        verified: row.get(9)?,
        visibility: visibility(row, 10)?,
    })
}

/// What nobody can read is for the review alone.
fn visibility(row: &Row<'_>, column: usize) -> rusqlite::Result<Visibility> {
    Ok(value(row.get_ref(column)?.as_str()?).unwrap_or(Visibility::Room))
}

fn focus(sql: &Connection, doc: &str) -> Result<FocusTexts, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT text FROM section WHERE doc_id = ?1 AND trim(text) > '' ORDER BY id <> 'summary', key LIMIT 1",
    )?;
    let mut rows = statement.query([doc])?;
    let text = match rows.next()? {
        Some(row) => row.get(0)?,
        None => String::new(),
    };
    let mut statement = sql.prepare_cached(
        "SELECT text, visibility FROM event WHERE doc_id = ?1 AND public = 1 AND kind = 'communication'
         ORDER BY at IS NULL, at, key",
    )?;
    let updates = statement.query_map([doc], |row| Ok((row.get(0)?, visibility(row, 1)?)))?;
    Ok(FocusTexts {
        text,
        public_updates: updates.collect::<Result<_, _>>()?,
    })
}
