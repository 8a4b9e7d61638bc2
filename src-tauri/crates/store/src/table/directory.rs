//! People and services of the directory.

use std::collections::BTreeMap;

use model::directory::Directory;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::table::projected::{Projected, Values, flag, text};

/// People.
pub const PERSON: Projected = Projected {
    name: "person",
    many: true,
    columns: &["name", "short_name", "handle", "role_title", "gone", "team"],
};

/// Services.
pub const SERVICE: Projected = Projected {
    name: "service",
    many: true,
    columns: &["name"],
};

pub fn people(directory: &Directory) -> Vec<(String, Values)> {
    let values = |person: &model::directory::Person| {
        vec![
            text(person.name.as_str()),
            text(person.short_name.as_str()),
            text(person.handle.as_str()),
            text(person.role_title.as_str()),
            flag(person.left),
            text(person.team.as_str()),
        ]
    };
    directory
        .people
        .iter()
        .map(|person| (person.id.clone(), values(person)))
        .collect()
}

pub fn services(directory: &Directory) -> Vec<(String, Values)> {
    directory
        .services
        .iter()
        .map(|service| (service.id.clone(), vec![text(service.name.as_str())]))
        .collect()
}

/// Names of services by id.
pub fn service_names(sql: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT id, name FROM service")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
