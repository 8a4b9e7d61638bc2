//! Opening the workspace for a command, and finding what short names stand for.

use api::error::ApiError;
use api::types::{DirectoryView, Empty, Person};
use api::{Api, Config, OpenAs, OpenFailed, Shell, handlers, places};

use super::args::Place;
use super::output::Failed;

/// What a command does to the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Reads it.
    Reading,
    /// Changes what is in it.
    Changing,
    /// Puts something into it; it may be new.
    Adding,
}

/// Opens the workspace. A file that cannot be written to can still be read.
pub fn workspace(place: &Place, purpose: For, shell: Shell) -> Result<Api, Failed> {
    opened(place, purpose, shell)?.map_err(|error| Failed::Did(error.to_string()))
}

/// Opens the workspace for reading, when there is one.
pub fn existing(place: &Place) -> Result<Option<Api>, Failed> {
    match opened(place, For::Reading, Shell::CommandLine)? {
        Ok(api) => Ok(Some(api)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(Failed::Did(error.to_string())),
    }
}

fn opened(place: &Place, purpose: For, shell: Shell) -> Result<Result<Api, OpenFailed>, Failed> {
    let data_dir = places::data_dir().map_err(Failed::Did)?;
    let file = place
        .workspace
        .clone()
        .unwrap_or_else(|| places::workspace(&data_dir));
    let mut config = Config::new(file, data_dir, shell);
    if purpose != For::Adding {
        config.open = OpenAs::Existing;
    }
    Ok(match Api::open(config.clone()) {
        Err(failed) if purpose == For::Reading && failed.is_read_only() => Api::open(Config {
            open: OpenAs::ReadOnly,
            ..config
        }),
        opened => opened,
    })
}

/// The postmortem that an id, or its beginning, names.
pub fn postmortem(api: &Api, id: &str) -> Result<String, Failed> {
    Ok(handlers::find_postmortem(api, id)?)
}

/// The person that somebody means: an id, a name, a handle, an e-mail address, or `me`.
pub fn person(api: &Api, who: &str) -> Result<Person, Failed> {
    let DirectoryView { directory, .. } = handlers::directory(api, Empty {})?;
    if who == "me" {
        return api.me_in(&directory).cloned().ok_or_else(|| {
            Failed::Did(
                "Nobody has said who sits at this computer: open the app once, or name the person."
                    .into(),
            )
        });
    }
    let wanted = who.trim().trim_start_matches('@').to_lowercase();
    let exact = |person: &&Person| {
        person.id == wanted
            || [&person.name, &person.handle, &person.email]
                .iter()
                .any(|known| known.to_lowercase() == wanted)
    };
    let loose = |person: &&Person| {
        person.short_name.to_lowercase() == wanted
            || person
                .name
                .split_whitespace()
                .next()
                .is_some_and(|first| first.to_lowercase() == wanted)
            || (wanted.len() >= 8 && person.id.starts_with(&wanted))
    };
    for matches in [
        directory.people.iter().filter(exact).collect::<Vec<_>>(),
        directory.people.iter().filter(loose).collect::<Vec<_>>(),
    ] {
        match matches.as_slice() {
            [] => {}
            [one] => return Ok(Person::clone(one)),
            many => {
                let names: Vec<&str> = many
                    .iter()
                    .map(|person| person.name.as_str())
                    .take(5)
                    .collect();
                return Err(Failed::Did(format!(
                    "“{who}” could be any of {}: give more of the name.",
                    names.join(", ")
                )));
            }
        }
    }
    Err(ApiError::not_found(format!("There is nobody called “{who}” in this workspace.")).into())
}
