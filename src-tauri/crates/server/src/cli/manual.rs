//! The help, written once: `debrief --help` prints it and the README repeats it.

use clap::{Command, CommandFactory};

use super::args::Args;

/// The parser, with the whole manual as its help.
pub fn command() -> Command {
    Args::command().override_help(manual())
}

/// Every command with its usage and what it does.
pub fn manual() -> String {
    let mut out = String::from("debrief [--workspace FILE] [--json] COMMAND\n\n");
    for leaf in leaves(&Args::command()) {
        let usage = leaf.clone().render_usage().to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
        let about = leaf
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        out.push_str(&format!("{}\n    {about}\n", usage.trim()));
    }
    out.push_str(
        "\n--workspace FILE   the workspace file; else $DEBRIEF_WORKSPACE, else the app's own\n\
         --json             answer in JSON\n\
         --help, --version  after a command, --help lists its options\n\
         \n\
         Ids may be shortened to a beginning that only one has; DOC/A3 names an action item, too.\n\
         Exit codes: 0 done, 1 failed, 2 wrong usage. Errors are one line on stderr.\n",
    );
    out
}

/// Commands that do something, those within others included, in the order of the list.
fn leaves(command: &Command) -> Vec<Command> {
    command
        .get_subcommands()
        .flat_map(|sub| {
            if sub.has_subcommands() {
                leaves(sub)
            } else {
                vec![sub.clone()]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_option_stands_in_the_manual() {
        for leaf in leaves(&Args::command()) {
            let usage = leaf.clone().render_usage().to_string();
            for option in leaf
                .get_arguments()
                .filter(|option| !option.is_global_set())
            {
                let name = match (option.get_long(), option.get_short()) {
                    (Some("help" | "version"), _) => continue,
                    (_, Some(short)) => format!("-{short}"),
                    (Some(long), None) => format!("--{long}"),
                    (None, None) => continue,
                };
                assert!(
                    usage.contains(&name),
                    "the usage of `{}` must name {name}: {usage}",
                    leaf.get_name()
                );
            }
        }
    }
}
