//! A workspace without some of its postmortems, for whoever may not see them. It is decided in one place and for every
//! question that can be asked: each connection that reads gets, for every table that speaks of postmortems, a temporary view of the
//! same name without the hidden ones, and SQLite looks for a name among the temporary ones first.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::postmortem::DocId;
use rusqlite::Connection;

use crate::error::{OpenError, StoreError};
use crate::open::Store;

/// What is hidden, and from what.
pub(crate) struct Narrowing {
    /// The workspace with everything in it; it alone writes.
    pub whole: Arc<Store>,
    pub hidden: BTreeSet<DocId>,
}

/// Tables without a `doc_id` that hold what belongs to a postmortem: the name, and when a row of it is seen.
const OTHERS: &[(&str, &str)] = &[
    ("document", "id NOT IN (SELECT id FROM temp.hidden)"),
    // An image that was just handed in belongs to no postmortem yet.
    (
        "blob",
        "hash NOT IN (SELECT hash FROM main.doc_blob WHERE doc_id IN (SELECT id FROM temp.hidden)) \
         OR hash IN (SELECT hash FROM main.doc_blob WHERE doc_id NOT IN (SELECT id FROM temp.hidden))",
    ),
];

/// Tables in which the hidden postmortems stay: who may see what is asked of these.
const WHOLE: &[&str] = &["restricted", "admitted"];

impl Store {
    /// The same workspace, to be read only, in which these postmortems, and all that belongs to them, are not there.
    pub fn narrowed(self: &Arc<Self>, hidden: BTreeSet<DocId>) -> Result<Self, OpenError> {
        let narrowing = Narrowing {
            whole: Arc::clone(self),
            hidden,
        };
        self.read_again(narrowing)
    }

    /// The postmortems that are not there.
    pub fn hidden(&self) -> BTreeSet<DocId> {
        let narrowing = self.narrowing.as_ref();
        narrowing.map_or_else(BTreeSet::new, |narrowing| narrowing.hidden.clone())
    }
}

impl Narrowing {
    /// Hides from a connection what is hidden.
    pub fn apply(&self, connection: &Connection) -> Result<(), StoreError> {
        connection.execute_batch("PRAGMA query_only = OFF; CREATE TEMP TABLE hidden (id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;")?;
        {
            let mut insert = connection.prepare("INSERT INTO temp.hidden (id) VALUES (?1)")?;
            for doc in &self.hidden {
                insert.execute([doc])?;
            }
        }
        for (table, seen) in tables(connection)? {
            connection.execute_batch(&format!(
                "CREATE TEMP VIEW \"{table}\" AS SELECT * FROM main.\"{table}\" WHERE {seen};"
            ))?;
        }
        connection.execute_batch("PRAGMA query_only = ON;")?;
        Ok(())
    }
}

/// Every table that speaks of postmortems, and when a row of it is seen.
fn tables(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT t.name FROM main.sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'doc_id' WHERE t.type = 'table'",
    )?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut out: Vec<(String, String)> = OTHERS
        .iter()
        .map(|(table, seen)| ((*table).to_owned(), (*seen).to_owned()))
        .collect();
    for name in names {
        let name = name?;
        if !WHOLE.contains(&name.as_str()) {
            // A copy of a period belongs to no postmortem.
            let seen = "doc_id IS NULL OR doc_id NOT IN (SELECT id FROM temp.hidden)".to_owned();
            out.push((name, seen));
        }
    }
    Ok(out)
}
