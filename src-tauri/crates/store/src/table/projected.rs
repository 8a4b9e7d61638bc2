//! Projected tables share one way of being written: a row is compared with what is there, and only the columns that
//! differ are touched. A keystroke then costs one page and leaves the indices alone.

use model::bounds;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::error::StoreError;

/// A projected table whose rows belong to a document. Its identity is `doc_id` and, unless there is one row per document,
/// `id`.
#[derive(Debug)]
pub struct Projected {
    /// Name.
    pub name: &'static str,
    /// There are many rows per document, each with an id.
    pub many: bool,
    /// The other columns.
    pub columns: &'static [&'static str],
}

/// The values of one row, in the order of [`Projected::columns`].
pub type Values = Vec<Value>;

/// Writes a row as far as it differs from what is there; says whether anything did.
pub fn put(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    id: &str,
    values: &Values,
) -> Result<bool, StoreError> {
    let select = format!(
        "SELECT key, {} FROM {} WHERE {}",
        table.columns.join(", "),
        table.name,
        identity(table)
    );
    let mut statement = sql.prepare_cached(&select)?;
    let found = statement
        .query_row(params_from_iter(key(table, doc, id)), |row| {
            let mut changed = Vec::new();
            for (index, value) in values.iter().enumerate() {
                if row.get_ref(index + 1)? != ValueRef::from(value) {
                    changed.push(index);
                }
            }
            Ok((row.get::<_, i64>(0)?, changed))
        })
        .optional()?;
    match found {
        Some((_, changed)) if changed.is_empty() => return Ok(false),
        Some((row, changed)) => {
            let set: Vec<String> = changed
                .iter()
                .filter_map(|at| table.columns.get(*at))
                .map(|column| format!("{column} = ?"))
                .collect();
            let update = format!("UPDATE {} SET {} WHERE key = ?", table.name, set.join(", "));
            let row = Value::Integer(row);
            let new = changed
                .iter()
                .filter_map(|at| values.get(*at))
                .chain(std::iter::once(&row));
            sql.prepare_cached(&update)?
                .execute(params_from_iter(new))?;
        }
        None => {
            let key = key(table, doc, id);
            let marks = vec!["?"; values.len() + key.len()].join(", ");
            let id = if table.many { ", id" } else { "" };
            let insert = format!(
                "INSERT INTO {} (doc_id{id}, {}) VALUES ({marks})",
                table.name,
                table.columns.join(", ")
            );
            sql.prepare_cached(&insert)?
                .execute(params_from_iter(key.iter().chain(values)))?;
        }
    }
    Ok(true)
}

/// Takes a row away; says whether there was one.
pub fn remove(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    id: &str,
) -> Result<bool, StoreError> {
    let delete = format!("DELETE FROM {} WHERE {}", table.name, identity(table));
    Ok(sql
        .prepare_cached(&delete)?
        .execute(params_from_iter(key(table, doc, id)))?
        > 0)
}

/// The ids of a document's rows.
pub fn ids(sql: &Connection, table: &Projected, doc: &str) -> Result<Vec<String>, StoreError> {
    let mut statement =
        sql.prepare_cached(&format!("SELECT id FROM {} WHERE doc_id = ?1", table.name))?;
    let rows = statement.query_map(params![doc], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every row of a document as `(id, values)`, for comparing with what should be there.
pub fn all(
    sql: &Connection,
    table: &Projected,
    doc: &str,
) -> Result<Vec<(String, Values)>, StoreError> {
    let id = if table.many { "id" } else { "doc_id" };
    let select = format!(
        "SELECT {id}, {} FROM {} WHERE doc_id = ?1",
        table.columns.join(", "),
        table.name
    );
    let mut statement = sql.prepare_cached(&select)?;
    let rows = statement.query_map(params![doc], |row| {
        let values = (1..=table.columns.len())
            .map(|at| row.get::<_, Value>(at))
            .collect::<Result<_, _>>()?;
        Ok((row.get(0)?, values))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A text column's value.
pub fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

/// What people wrote, for lists and search: they stop at the bound of a text, the document does not.
pub fn prose(value: &str) -> Value {
    text(bounds::cut(value, bounds::TEXT))
}

/// An integer column's value.
pub fn integer<T: Into<i64>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, |value| Value::Integer(value.into()))
}

/// A yes-or-no column's value.
pub fn flag(value: bool) -> Value {
    Value::Integer(i64::from(value))
}

fn identity(table: &Projected) -> &'static str {
    if table.many {
        "doc_id = ?1 AND id = ?2"
    } else {
        "doc_id = ?1"
    }
}

fn key(table: &Projected, doc: &str, id: &str) -> Vec<Value> {
    let mut key = vec![text(doc)];
    if table.many {
        key.push(text(id));
    }
    key
}
