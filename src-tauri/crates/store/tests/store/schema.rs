//! The schema is what it was committed as: a change needs a new migration, never an edit of an old one.

use crate::Home;

const SNAPSHOT: &str = include_str!("schema.snapshot.sql");

#[test]
fn the_schema_is_the_committed_one() {
    let home = Home::new();
    let raw = home.raw();
    let mut statement = raw
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\' OR type = 'trigger' OR name IN ('search_entry', 'search_stale') ORDER BY type, name")
        .unwrap();
    let lines: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let version: i64 = raw
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let schema = format!("-- user_version {version}\n\n{};\n", lines.join(";\n\n"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/store/schema.snapshot.sql"
            ),
            &schema,
        )
        .unwrap();
        return;
    }
    assert_eq!(
        schema, SNAPSHOT,
        "the schema must be the committed one; after adding a migration, run the test with UPDATE_SNAPSHOTS=1 and read the difference"
    );
}

#[test]
fn every_table_is_strict() {
    let home = Home::new();
    let loose: Vec<String> = home
        .raw()
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        loose.is_empty(),
        "SQLite must refuse values of a wrong type everywhere, but not in {loose:?}"
    );
}
