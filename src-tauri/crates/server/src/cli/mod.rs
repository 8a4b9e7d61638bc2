//! The `debrief` command: what can be done in the app can be done from a script.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage. Errors are one line on stderr.

mod accounts;
mod actions;
mod args;
mod hints;
mod manual;
mod open;
mod output;
mod postmortems;
mod published;
mod remind;
mod serving;
mod statuspage;
mod summary;
mod table;
mod templates;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use args::{Args, Command};
use output::Failed;

pub use manual::manual;

/// Runs the command line and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = manual::command()
        .try_get_matches_from(args)
        .and_then(|matches| Args::from_arg_matches(&matches));
    let done = match parsed {
        Ok(args) => perform(args),
        Err(error) => usage(&error),
    };
    match done {
        Ok(()) | Err(Failed::NobodyReads) => ExitCode::SUCCESS,
        Err(Failed::Wrong(message)) => end(2, &message),
        Err(Failed::Did(message)) => end(1, &message),
        Err(Failed::Said) => ExitCode::from(1),
    }
}

fn perform(args: Args) -> Result<(), Failed> {
    let Args {
        place,
        json,
        command,
    } = args;
    match command {
        Command::Demo(demo) => postmortems::demo(&place, json, demo.year),
        Command::New(new) => postmortems::new(&place, json, new),
        Command::List(list) => postmortems::list(&place, json, &list),
        Command::Show(one) => postmortems::show(&place, json, &one.id),
        Command::Export(export) => postmortems::export(&place, json, export),
        Command::Statuspage(asked) => statuspage::run(&place, json, asked),
        Command::Summary(asked) => summary::run(&place, json, asked),
        Command::Published(asked) => published::run(&place, json, &asked),
        Command::Import(import) => postmortems::import(&place, json, &import.files),
        Command::Actions(list) => actions::list(&place, json, &list),
        Command::Action {
            command: args::ActionCommand::Set(set),
        } => actions::set(&place, json, set),
        Command::Templates { command } => templates::run(&place, json, command),
        Command::Hints(asked) => hints::run(json, &asked),
        Command::Check(check) => workspace::check(&place, json, check.rebuild),
        Command::Backup(backup) => workspace::backup(&place, json, &backup.file),
        Command::Remind(asked) => remind::run(&place, json, &asked),
        Command::Serve(serve) => serving::serve(&place, serve),
        Command::Accounts { command } => accounts::run(&place, json, command),
    }
}

/// Help and version are answers; everything else that clap says is wrong usage, told in one line.
fn usage(error: &clap::Error) -> Result<(), Failed> {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return output::print(&error.to_string());
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Err(Failed::Wrong(
            "a command is missing; debrief --help lists them".into(),
        ));
    }
    let told = error.to_string();
    let first: Vec<&str> = told
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .map(str::trim)
        .collect();
    let sentence = first.join(" ");
    let sentence = sentence.strip_prefix("error: ").unwrap_or(&sentence);
    Err(Failed::Wrong(format!(
        "{sentence} (debrief --help tells more)"
    )))
}

fn end(code: u8, message: &str) -> ExitCode {
    output::complain(message);
    ExitCode::from(code)
}
