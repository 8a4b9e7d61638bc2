//! Who sits here, the workspace file, search, and what a typed time means.

use std::path::Path;

use model::directory::Person;

use crate::error::{ApiError, ErrorCode};
use crate::open::{Api, Shell};
use crate::types::*;
use crate::{bounds, files, places};

/// Who sits here, in which workspace.
pub fn session(api: &Api, _: Empty) -> Result<Session, ApiError> {
    let directory = api.directory();
    if let Some(guest) = api.guest() {
        // A guest learns the computer's clock and who they are, and nothing of the workspace.
        let name =
            super::directory::person_name(&directory, None, &guest.person).unwrap_or_default();
        return Ok(Session {
            version: env!("CARGO_PKG_VERSION").into(),
            shell: "browser".into(),
            me: Some(Person {
                id: guest.person.clone(),
                name,
                ..Person::default()
            }),
            workspace: String::new(),
            timezone: api.zone().name().into(),
            now: api.now(),
            first_run: false,
            room: Some(guest.doc.clone()),
            account: None,
        });
    }
    let me = api.me_in(&directory).cloned();
    let first_run = me.is_none() && api.account().is_none() && {
        let info = api.store().info()?;
        info.postmortems == 0 && info.trashed == 0
    };
    Ok(Session {
        version: env!("CARGO_PKG_VERSION").into(),
        shell: if api.shell() == Shell::Browser {
            "browser"
        } else {
            "desktop"
        }
        .into(),
        me,
        workspace: shown_path(api),
        timezone: api.zone().name().into(),
        now: api.now(),
        first_run,
        room: None,
        account: super::accounts::own(api),
    })
}

/// Says who sits at this computer: an existing person, or a new one by name. A name that exactly one person of the
/// directory has is that person.
pub fn set_me(api: &Api, request: SetMe) -> Result<Session, ApiError> {
    if api.account_person().is_some() {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "Your account in this team’s workspace says who you are.",
        ));
    }
    let directory = api.directory();
    let id = match &request.person {
        Some(id) => {
            bounds::text("person", id, bounds::WORD)?;
            if !directory.people.iter().any(|person| person.id == *id) {
                return Err(ApiError::not_found(
                    "This person is not in the workspace's directory.",
                ));
            }
            id.clone()
        }
        None => {
            let name = super::directory::required_name("name", &request.name)?;
            let same: Vec<&Person> = directory
                .people
                .iter()
                .filter(|person| !person.left && person.name.to_lowercase() == name.to_lowercase())
                .collect();
            match same.as_slice() {
                [one] => one.id.clone(),
                _ => {
                    super::directory::person_save(
                        api,
                        Person {
                            name,
                            ..Person::default()
                        },
                    )?
                    .id
                }
            }
        }
    };
    api.device().set(&id)?;
    session(api, Empty {})
}

/// Looks through everything that was ever written here.
pub fn search(api: &Api, request: SearchQuery) -> Result<SearchHits, ApiError> {
    bounds::text("query", &request.query, bounds::QUERY)?;
    let limit = if request.limit == 0 {
        20
    } else {
        request.limit.min(100)
    };
    Ok(api.store().search(&SearchQuery { limit, ..request })?)
}

/// What a typed time means.
pub fn time_read(api: &Api, request: TimeText) -> Result<TimeRead, ApiError> {
    bounds::text("text", &request.text, bounds::WORD)?;
    bounds::text("zone", &request.zone, bounds::WORD)?;
    let now = api.now();
    let zone = if request.zone.is_empty() {
        api.zone().name()
    } else {
        &request.zone
    };
    Ok(model::time_entry::read_time(
        &request.text,
        zone,
        request.reference.unwrap_or(now),
        now,
    ))
}

/// Size and contents of the workspace file.
pub fn workspace_info(api: &Api, _: Empty) -> Result<WorkspaceInfo, ApiError> {
    Ok(WorkspaceInfo {
        path: shown_path(api),
        ..api.store().info()?
    })
}

/// Writes a consistent copy of the workspace. Not for browsers: they have no path on this computer to give.
pub fn workspace_backup(api: &Api, request: PathRef) -> Result<Saved, ApiError> {
    local_only(api, "A backup")?;
    bounds::bytes("path", request.path.len(), bounds::PATH)?;
    let path = places::absolute(Path::new(&request.path));
    files::refuse_in_use(&path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        return Err(ApiError::invalid(
            "path",
            format!("There is no folder {} for the backup.", folder.display()),
        ));
    }
    api.store().backup(&path).map_err(|error| match error {
        // The workspace is only read: what cannot be written to, or is full, is the place of the copy.
        store::StoreError::ReadOnly => ApiError::invalid(
            "path",
            format!(
                "{} was not written: its folder may not be written to.",
                path.display()
            ),
        ),
        store::StoreError::Full => ApiError {
            field: Some("path".into()),
            ..ApiError::new(
                ErrorCode::Unavailable,
                format!("{} was not written: the disk is full.", path.display()),
            )
        },
        other => other.into(),
    })?;
    Ok(Saved {
        paths: vec![path.to_string_lossy().into_owned()],
    })
}

/// Checks integrity and the derived tables against the log.
pub fn workspace_check(api: &Api, _: Empty) -> Result<CheckReport, ApiError> {
    check(api, false)
}

/// Checks integrity and the derived tables against the log, and builds the tables anew when asked to.
pub fn check(api: &Api, rebuild: bool) -> Result<CheckReport, ApiError> {
    Ok(api.whole_store().check(rebuild)?)
}

/// Refuses what needs a path on this computer to those who are not at it.
pub(super) fn local_only(api: &Api, what: &str) -> Result<(), ApiError> {
    if api.shell() == Shell::Browser {
        return Err(ApiError::new(
            ErrorCode::Refused,
            format!(
                "{what} cannot be written to a file from a browser: use the app or the command line."
            ),
        ));
    }
    Ok(())
}

fn shown_path(api: &Api) -> String {
    match (api.shell(), api.workspace().file_name()) {
        (Shell::Browser, Some(name)) => name.to_string_lossy().into_owned(),
        _ => api.workspace().to_string_lossy().into_owned(),
    }
}
