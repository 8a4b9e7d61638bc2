//! The list of postmortems: one row each, with everything that a line shows and every order it can have.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use model::list::{
    PostmortemFilter, PostmortemPage, PostmortemRow, PostmortemSort, StatusCounts, WorkspaceInfo,
};
use model::postmortem::{Postmortem, Severity, Status};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::error::StoreError;
use crate::open::{SCHEMA, Store, beside};
use crate::table::projected::{Projected, Values, flag, integer, prose, text};
use crate::table::{directory, facts, search};
use crate::words::{value, word};

/// Postmortems.
pub const POSTMORTEM: Projected = Projected {
    name: "postmortem",
    many: false,
    columns: &[
        "title",
        "title_key",
        "severity",
        "severity_rank",
        "status",
        "services",
        "tags",
        "starts",
        "sort_at",
        "timezone",
        "detection",
        "response",
        "remediation",
        "total",
        "about",
        "actions",
        "actions_settled",
        "created_at",
        "updated_at",
        "trashed",
        "trashed_at",
        "t0",
        "t1",
        "t2",
        "t3",
        "t4",
        "t5",
        "t6",
        "t7",
        "estimates",
        "first_word",
        "noticed_by",
        "noticed_visibility",
        "review_owner",
    ],
};

/// "Updated" is told to the second, in milliseconds: fast typing then leaves the row and its index alone.
const UPDATED: i64 = 1000;
/// Rows of a page when the filter names no limit.
const PAGE: u32 = 200;
/// Characters of a title that decide its place in the order by title.
const TITLE_KEY: usize = 100;

/// What the workspace knows of a postmortem beside its content, in milliseconds UTC.
pub struct Stamps {
    created_at: i64,
    updated_at: i64,
    trashed_at: Option<i64>,
}

pub fn stamps(sql: &Connection, doc: &str) -> Result<Stamps, StoreError> {
    Ok(sql
        .prepare_cached(
            "SELECT created_at, trashed_at,
                 (SELECT at_ms FROM doc_update WHERE doc_id = ?1 ORDER BY seq DESC LIMIT 1) FROM document WHERE id = ?1",
        )?
        .query_row([doc], |row| {
            let created_at = row.get(0)?;
            let last = row.get::<_, Option<i64>>(2)?.unwrap_or(created_at);
            let updated_at = (last - last.rem_euclid(UPDATED)).max(created_at);
            Ok(Stamps { created_at, updated_at, trashed_at: row.get(1)? })
        })?)
}

/// Brings up to date when a postmortem was changed last, and nothing else.
pub fn touch(sql: &Connection, doc: &str) -> Result<(), StoreError> {
    let updated_at = stamps(sql, doc)?.updated_at;
    sql.prepare_cached(
        "UPDATE postmortem SET updated_at = ?2 WHERE doc_id = ?1 AND updated_at <> ?2",
    )?
    .execute(params![doc, updated_at])?;
    Ok(())
}

pub fn values(snapshot: &Postmortem, stamps: &Stamps) -> Values {
    let figures = model::derived::figures(snapshot);
    let starts = figures.starts.map(|at| at.timestamp_millis());
    let severity = snapshot.severity.map(severity_number);
    let settled = snapshot
        .actions
        .iter()
        .filter(|item| model::edit::is_settled(item.status))
        .count();
    let mut values = vec![
        prose(&snapshot.title),
        text(title_key(&snapshot.title)),
        integer(severity),
        integer(Some(severity.unwrap_or(9))),
        text(word(Some(snapshot.status))),
        text(serde_json::to_string(&snapshot.services).unwrap_or_default()),
        text(serde_json::to_string(&snapshot.tags).unwrap_or_default()),
        integer(starts),
        integer(Some(starts.unwrap_or(stamps.created_at))),
        text(snapshot.timezone.as_str()),
        integer(figures.detection),
        integer(figures.response),
        integer(figures.remediation),
        integer(figures.total),
        flag(figures.about),
        Value::Integer(i64::try_from(snapshot.actions.len()).unwrap_or(i64::MAX)),
        Value::Integer(i64::try_from(settled).unwrap_or(i64::MAX)),
        integer(Some(stamps.created_at)),
        integer(Some(stamps.updated_at)),
        flag(stamps.trashed_at.is_some()),
        integer(stamps.trashed_at),
    ];
    values.extend(facts::values(&model::summary::facts(snapshot)));
    values.push(text(snapshot.review_owner.clone().unwrap_or_default()));
    values
}

/// Untitled ones come last.
fn title_key(title: &str) -> String {
    let key: String = title
        .trim()
        .chars()
        .take(TITLE_KEY)
        .collect::<String>()
        .to_lowercase();
    if key.is_empty() {
        "\u{10FFFF}".into()
    } else {
        key
    }
}

pub fn severity_number(severity: Severity) -> i64 {
    match severity {
        Severity::Sev1 => 1,
        Severity::Sev2 => 2,
        Severity::Sev3 => 3,
        Severity::Sev4 => 4,
        Severity::Sev5 => 5,
    }
}

pub fn severity(number: Option<i64>) -> Option<Severity> {
    match number? {
        1 => Some(Severity::Sev1),
        2 => Some(Severity::Sev2),
        3 => Some(Severity::Sev3),
        4 => Some(Severity::Sev4),
        5 => Some(Severity::Sev5),
        _ => None,
    }
}

/// Services or tags of a postmortem as rows, for filters.
pub fn put_words(
    sql: &Connection,
    doc: &str,
    table: &str,
    new: &[String],
) -> Result<(), StoreError> {
    let old = words(sql, doc, table)?;
    for gone in old.iter().filter(|id| !new.contains(id)) {
        sql.prepare_cached(&format!(
            "DELETE FROM {table} WHERE doc_id = ?1 AND id = ?2"
        ))?
        .execute([doc, gone.as_str()])?;
    }
    for added in new.iter().filter(|id| !old.contains(id)) {
        sql.prepare_cached(&format!(
            "INSERT INTO {table} (doc_id, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        ))?
        .execute([doc, added.as_str()])?;
    }
    Ok(())
}

pub fn words(sql: &Connection, doc: &str, table: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = sql.prepare_cached(&format!("SELECT id FROM {table} WHERE doc_id = ?1"))?;
    Ok(statement
        .query_map([doc], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Conditions of a query and their values, in order.
#[derive(Clone, Default)]
pub struct Where {
    conditions: Vec<String>,
    pub values: Vec<Value>,
}

impl Where {
    pub fn and(&mut self, condition: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.into());
        self.values.extend(values);
    }

    /// `column IN (…)`, unless there is nothing to choose from.
    pub fn any_of(&mut self, column: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.and(
                format!("{column} IN ({})", vec!["?"; values.len()].join(", ")),
                values,
            );
        }
    }

    pub fn sql(&self) -> String {
        if self.conditions.is_empty() {
            "1".into()
        } else {
            self.conditions.join(" AND ")
        }
    }
}

impl Store {
    /// A page of the list. `zone` is the computer's: days of the filter are its days. A postmortem whose incident has no
    /// known start counts by the day it was made.
    pub fn postmortems(
        &self,
        filter: &PostmortemFilter,
        zone: Tz,
    ) -> Result<PostmortemPage, StoreError> {
        let words = search::tokens(&filter.query);
        if !words.is_empty() {
            self.refresh_search_if_stale();
        }
        let mut conditions = Where::default();
        conditions.and(
            if filter.trashed {
                "trashed = 1"
            } else {
                "trashed = 0"
            },
            [],
        );
        let severities = filter
            .severities
            .iter()
            .map(|s| Value::Integer(severity_number(*s)))
            .collect();
        conditions.any_of("severity_rank", severities);
        for (table, wanted) in [
            ("postmortem_service", &filter.services),
            ("postmortem_tag", &filter.tags),
        ] {
            if !wanted.is_empty() {
                let marks = vec!["?"; wanted.len()].join(", ");
                conditions.and(
                    format!("doc_id IN (SELECT doc_id FROM {table} WHERE id IN ({marks}))"),
                    wanted.iter().map(|id| text(id.as_str())),
                );
            }
        }
        if let Some(from) = filter.from {
            conditions.and("sort_at >= ?", [Value::Integer(day_start(from, zone))]);
        }
        if let Some(after) = filter.to.and_then(|to| to.succ_opt()) {
            conditions.and("sort_at < ?", [Value::Integer(day_start(after, zone))]);
        }
        if !words.is_empty() {
            conditions.and(
                "doc_id IN (SELECT value FROM json_each(?))",
                [text(self.documents_with(&words)?.as_str())],
            );
        }
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let question = format!(
            "postmortems by status {} {:?}",
            conditions.sql(),
            conditions.values
        );
        let by_status = *self.remember(&question, || count_by_status(&tx, &conditions))?;
        let total = match filter.status {
            Some(Status::Draft) => by_status.draft,
            Some(Status::InReview) => by_status.in_review,
            Some(Status::FollowUp) => by_status.follow_up,
            Some(Status::Closed) => by_status.closed,
            None => by_status.draft + by_status.in_review + by_status.follow_up + by_status.closed,
        };
        if let Some(status) = filter.status {
            conditions.and("status = ?", [text(word(Some(status)))]);
        }
        let rows = page(&tx, &conditions, filter)?;
        Ok(PostmortemPage {
            rows,
            total,
            by_status,
        })
    }

    /// Documents in whose texts every word stands somewhere, as a JSON list of their ids.
    fn documents_with(&self, words: &[String]) -> Result<Arc<String>, StoreError> {
        self.remember(&format!("documents with {words:?}"), || {
            let reader = self.reader()?;
            let mut found: Option<BTreeSet<String>> = None;
            for word in words {
                let mut statement = reader.prepare_cached(
                    "SELECT DISTINCT doc_id FROM search_entry WHERE key IN (SELECT rowid FROM search WHERE search MATCH ?1)",
                )?;
                let rows = statement.query_map([search::any_beginning_with(word)], |row| row.get(0))?;
                let with: BTreeSet<String> = rows.collect::<Result<_, _>>()?;
                found = Some(match found {
                    Some(found) => found.intersection(&with).cloned().collect(),
                    None => with,
                });
            }
            Ok(serde_json::to_string(&found.unwrap_or_default()).unwrap_or_default())
        })
    }

    /// One line of the list, wherever the postmortem is.
    pub fn postmortem_row(&self, doc: &str) -> Result<Option<PostmortemRow>, StoreError> {
        let reader = self.reader()?;
        let names = directory::service_names(&reader)?;
        Ok(reader
            .prepare_cached(&format!(
                "SELECT {} FROM postmortem WHERE doc_id = ?1",
                columns(&reader)?
            ))?
            .query_row([doc], |row| read(row, &names))
            .optional()?)
    }

    /// Size and contents of the workspace. The path is as it was opened.
    pub fn info(&self) -> Result<WorkspaceInfo, StoreError> {
        let reader = self.reader()?;
        let count = |sql: &str| -> Result<u32, StoreError> {
            Ok(reader
                .prepare_cached(sql)?
                .query_row([], |row| row.get(0))?)
        };
        let bytes = std::fs::metadata(self.path()).map_or(0, |meta| meta.len())
            + beside(self.path(), "-wal");
        let path = std::path::absolute(self.path()).unwrap_or_else(|_| self.path().to_owned());
        Ok(WorkspaceInfo {
            path: path.to_string_lossy().into_owned(),
            bytes,
            postmortems: count("SELECT count(*) FROM postmortem WHERE trashed = 0")?,
            trashed: count("SELECT count(*) FROM postmortem WHERE trashed = 1")?,
            open_actions: count(
                "SELECT count(*) FROM action WHERE status IN ('open', 'in_progress')",
            )?,
            people: count("SELECT count(*) FROM person WHERE gone = 0")?,
            schema: u32::try_from(SCHEMA).unwrap_or_default(),
        })
    }
}

const COLUMNS: &str = "doc_id, title, severity, status, services, tags, starts, timezone, detection, response, remediation, \
                       total, about, actions, actions_settled, created_at, updated_at, trashed_at";
/// The version of the file since which a postmortem can be restricted.
const ACCOUNTS: i64 = 5;

/// The columns of a line of the list. A file that may only be read may be older than accounts.
fn columns(sql: &Connection) -> Result<String, StoreError> {
    let version: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let restricted = if version < ACCOUNTS {
        "0"
    } else {
        "EXISTS (SELECT 1 FROM restricted r WHERE r.doc_id = postmortem.doc_id)"
    };
    Ok(format!("{COLUMNS}, {restricted}"))
}

fn count_by_status(sql: &Connection, conditions: &Where) -> Result<StatusCounts, StoreError> {
    let select = format!(
        "SELECT status, count(*) FROM postmortem WHERE {} GROUP BY status",
        conditions.sql()
    );
    let mut statement = sql.prepare_cached(&select)?;
    let mut rows = statement.query(params_from_iter(&conditions.values))?;
    let mut counts = StatusCounts::default();
    while let Some(row) = rows.next()? {
        let count: u32 = row.get(1)?;
        match value::<Status>(row.get_ref(0)?.as_str().unwrap_or_default()) {
            Some(Status::InReview) => counts.in_review += count,
            Some(Status::FollowUp) => counts.follow_up += count,
            Some(Status::Closed) => counts.closed += count,
            Some(Status::Draft) | None => counts.draft += count,
        }
    }
    Ok(counts)
}

fn page(
    sql: &Connection,
    conditions: &Where,
    filter: &PostmortemFilter,
) -> Result<Vec<PostmortemRow>, StoreError> {
    let order = match filter.sort {
        PostmortemSort::Newest => "sort_at DESC, doc_id DESC",
        PostmortemSort::Oldest => "sort_at, doc_id",
        PostmortemSort::Severity => "severity_rank, sort_at DESC, doc_id",
        PostmortemSort::Title => "title_key, doc_id",
        PostmortemSort::Duration => "total DESC, doc_id DESC",
        PostmortemSort::Updated => "updated_at DESC, doc_id DESC",
    };
    let limit = if filter.limit == 0 {
        PAGE
    } else {
        filter.limit
    };
    let select = format!(
        "SELECT {} FROM postmortem WHERE {} ORDER BY {order} LIMIT ? OFFSET ?",
        columns(sql)?,
        conditions.sql()
    );
    let names = directory::service_names(sql)?;
    let paging = [
        Value::Integer(limit.into()),
        Value::Integer(filter.offset.into()),
    ];
    let mut statement = sql.prepare_cached(&select)?;
    let rows = statement.query_map(
        params_from_iter(conditions.values.iter().chain(&paging)),
        |row| read(row, &names),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(
    row: &Row<'_>,
    names: &std::collections::BTreeMap<String, String>,
) -> rusqlite::Result<PostmortemRow> {
    let services: Vec<String> = list(row, 4)?
        .into_iter()
        .map(|id| {
            names
                .get(&id)
                .filter(|name| !name.is_empty())
                .cloned()
                .unwrap_or(id)
        })
        .collect();
    Ok(PostmortemRow {
        id: row.get(0)?,
        title: row.get(1)?,
        severity: severity(row.get(2)?),
        status: value(row.get_ref(3)?.as_str()?).unwrap_or_default(),
        services,
        tags: list(row, 5)?,
        starts: row.get::<_, Option<i64>>(6)?.and_then(time),
        timezone: row.get(7)?,
        detection: row.get(8)?,
        response: row.get(9)?,
        remediation: row.get(10)?,
        total: row.get(11)?,
        about: row.get(12)?,
        actions: row.get(13)?,
        actions_settled: row.get(14)?,
        created_at: time(row.get(15)?).unwrap_or_default(),
        updated_at: time(row.get(16)?).unwrap_or_default(),
        trashed_at: row.get::<_, Option<i64>>(17)?.and_then(time),
        restricted: row.get(18)?,
    })
}

pub fn list(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    let json = row.get_ref(at)?.as_str()?;
    // Most rows have none.
    Ok(if json == "[]" {
        Vec::new()
    } else {
        serde_json::from_str(json).unwrap_or_default()
    })
}

pub fn time(at_ms: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(at_ms)
}

/// The first instant of a day in a zone, in milliseconds UTC: also where clocks are changed at midnight.
pub fn day_start(day: NaiveDate, zone: Tz) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    let local = local.or_else(|| {
        zone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(1)))
            .earliest()
    });
    local.map_or_else(
        || midnight.and_utc().timestamp_millis(),
        |at| at.timestamp_millis(),
    )
}
