//! What the command line takes.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};

use api::types::AccountRole;
use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::http::Origin;

/// Everything that was given.
#[derive(Parser)]
#[command(
    name = "debrief",
    version,
    about = "Postmortems in one file on your own disk.",
    disable_help_subcommand = true
)]
pub struct Args {
    #[command(flatten)]
    pub place: Place,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// Which workspace.
#[derive(ClapArgs)]
pub struct Place {
    /// The workspace file; else $DEBRIEF_WORKSPACE, else the app's own
    #[arg(long, global = true, value_name = "FILE")]
    pub workspace: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make the example, a login outage, and print its id; --year makes it with fourteen more incidents of half a year
    #[command(override_usage = "debrief demo [--year]")]
    Demo(Demo),
    /// Start a postmortem from a template and print its id
    #[command(
        override_usage = "debrief new [--template T] [--title TEXT] [--severity SEV2] [--service S]… [--timezone ZONE]"
    )]
    New(New),
    /// List postmortems, newest first
    #[command(
        override_usage = "debrief list [--status S] [--severity SEV2]… [--search WORDS] [--trash]"
    )]
    List(List),
    /// Show one postmortem: its figures, what is missing, findings and action items
    #[command(override_usage = "debrief show ID")]
    Show(One),
    /// Write one postmortem, or its summary, as Markdown, JSON, a web page or PDF, to a file or to stdout
    #[command(
        override_usage = "debrief export ID [--format md|html|json|pdf|summary-html|summary-pdf|summary-md] [--anonymise] [--keep-owners] [--report FILE] [--publish] [-o FILE]"
    )]
    Export(Export),
    /// Write the post for customers, and say on stderr what must not stand in it; json is the body for Statuspage's API
    #[command(
        override_usage = "debrief statuspage ID [--format md|html|txt|json] [--publish] [-o FILE]"
    )]
    Statuspage(Statuspage),
    /// Write the summary of a period, for everyone in the company, executives or customers
    #[command(
        override_usage = "debrief summary --from DAY --to DAY [--service S]… [--severity SEV2]… [--tag TAG]… [--postmortem ID]… [--focus ID] [--audience company|executives|customers] [--anonymise [--report FILE]] [--format html|pdf|md|csv|json] [--publish] [-o FILE]"
    )]
    Summary(Summary),
    /// List published copies, newest first, and say which are out of date; with --json also in what
    #[command(override_usage = "debrief published [ID]")]
    Published(Published),
    /// Make postmortems from exported Markdown or JSON files
    #[command(override_usage = "debrief import FILE…")]
    Import(Import),
    /// List action items: the open ones, those past their day, or all
    #[command(
        override_usage = "debrief actions [--owner X] [--open|--overdue|--all] [--format csv|json|ics|md|jira-csv]"
    )]
    Actions(Actions),
    /// Change an action item
    Action {
        #[command(subcommand)]
        command: ActionCommand,
    },
    /// The templates that postmortems start from
    Templates {
        #[command(subcommand)]
        command: TemplateCommand,
    },
    /// Say where a text blames people, why that hides what happened, and what to write or ask instead
    #[command(
        override_usage = "debrief hints [--kind section|timeline|finding|action] [--people NAMES] FILE|-"
    )]
    Hints(Hints),
    /// Check that the workspace file is whole; --rebuild makes its lists and search anew from its log
    #[command(override_usage = "debrief check [--rebuild]")]
    Check(Check),
    /// Write a consistent copy of the workspace, also while the app runs
    #[command(override_usage = "debrief backup FILE")]
    Backup(Backup),
    /// Send the reminders of action items that are due; --dry-run only says which, to whom and why
    #[command(override_usage = "debrief remind [--dry-run] [--at INSTANT] [--reminders FILE]")]
    Remind(Remind),
    /// Serve the app's screens to a browser on this computer and print the link; with --team to everybody who has an account
    #[command(
        override_usage = "debrief serve [--listen 127.0.0.1:7447] [--ui DIR] [--team [--address URL] [--certificate FILE --key FILE|--own-certificate|--proxy ADDR…|--plain]] [--reminders FILE] [--log text|json]"
    )]
    Serve(Serve),
    /// The accounts of a workspace that is served to a team
    Accounts {
        #[command(subcommand)]
        command: AccountsCommand,
    },
}

#[derive(ClapArgs)]
pub struct Demo {
    /// Fourteen more incidents, from June to November 2026
    #[arg(long)]
    pub year: bool,
}

#[derive(ClapArgs)]
pub struct New {
    /// Template id; else the workspace's default
    #[arg(long, value_name = "T", default_value = "")]
    pub template: String,
    /// Title
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub title: String,
    /// SEV1 (worst) to SEV5
    #[arg(long, value_name = "SEV", value_parser = severity)]
    pub severity: Option<api::types::Severity>,
    /// A service's name or id; may be repeated
    #[arg(long = "service", value_name = "S")]
    pub services: Vec<String>,
    /// IANA zone such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "")]
    pub timezone: String,
}

#[derive(ClapArgs)]
pub struct List {
    /// draft, in_review, follow_up or closed
    #[arg(long, value_name = "S", value_parser = word::<api::types::Status>)]
    pub status: Option<api::types::Status>,
    /// Of this severity; may be repeated
    #[arg(long, value_name = "SEV", value_parser = severity)]
    pub severity: Vec<api::types::Severity>,
    /// Words that it contains
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub search: String,
    /// Those in the trash instead
    #[arg(long)]
    pub trash: bool,
}

#[derive(ClapArgs)]
pub struct One {
    /// Id of a postmortem, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
}

#[derive(ClapArgs)]
pub struct Export {
    /// Id of a postmortem, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
    /// md, html, json or pdf; summary-html, summary-pdf or summary-md for those who were not there
    #[arg(long, value_name = "FORMAT", default_value = "md")]
    pub format: String,
    /// Roles instead of the names of people
    #[arg(long)]
    pub anonymise: bool,
    /// With --anonymise: owners stay as owners, by name
    #[arg(long, requires = "anonymise")]
    pub keep_owners: bool,
    /// With --anonymise: a file for what was replaced and what to look at; JSON when it is named so. It has the names
    #[arg(long, value_name = "FILE", requires = "anonymise")]
    pub report: Option<PathBuf>,
    /// With a summary format: keep it as a published copy
    #[arg(long)]
    pub publish: bool,
    /// The file to write; else, or as “-”, stdout
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Statuspage {
    /// Id of a postmortem, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
    /// md, html, txt or json
    #[arg(long, value_name = "FORMAT", default_value = "md", value_parser = ["md", "html", "txt", "json"])]
    pub format: String,
    /// Keep the post as a published copy
    #[arg(long)]
    pub publish: bool,
    /// The file to write; else, or as “-”, stdout
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Summary {
    /// First day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub from: NaiveDate,
    /// Last day, which belongs to it
    #[arg(long, value_name = "DAY")]
    pub to: NaiveDate,
    /// Of this service, by name or id; may be repeated
    #[arg(long = "service", value_name = "S")]
    pub services: Vec<String>,
    /// Of this severity; may be repeated
    #[arg(long, value_name = "SEV", value_parser = severity)]
    pub severity: Vec<api::types::Severity>,
    /// With this tag; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Only this postmortem, by id or its beginning; may be repeated
    #[arg(long = "postmortem", value_name = "ID")]
    pub postmortems: Vec<String>,
    /// The postmortem that is told in more words
    #[arg(long, value_name = "ID")]
    pub focus: Option<String>,
    /// company, executives or customers
    #[arg(long, value_name = "WHO", default_value = "company", value_parser = word::<api::types::Audience>)]
    pub audience: api::types::Audience,
    /// Roles in the place of names
    #[arg(long)]
    pub anonymise: bool,
    /// Write what was replaced to this file, as JSON
    #[arg(long, value_name = "FILE", requires = "anonymise")]
    pub report: Option<PathBuf>,
    /// html, pdf, md, csv or json
    #[arg(long, value_name = "FORMAT", default_value = "md")]
    pub format: String,
    /// Keep it as a published copy
    #[arg(long)]
    pub publish: bool,
    /// The file to write; else, or as “-”, stdout
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Published {
    /// Only those of this postmortem, by id or its beginning
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

#[derive(ClapArgs)]
pub struct Import {
    /// Exported files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Actions {
    /// A person's name, handle, e-mail address or id; “me” for whoever sits here
    #[arg(long, value_name = "X")]
    pub owner: Option<String>,
    /// Those that are neither done nor declined (the default)
    #[arg(long, group = "which")]
    pub open: bool,
    /// Of these, the ones past their due day
    #[arg(long, group = "which")]
    pub overdue: bool,
    /// Done and declined ones too
    #[arg(long, group = "which")]
    pub all: bool,
    /// csv, json or ics instead of a table; md or jira-csv for tickets yet to be made
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
}

#[derive(Subcommand)]
pub enum ActionCommand {
    /// Change its status, owner, due day, evidence or reason
    #[command(
        override_usage = "debrief action set ID [--status open|in_progress|done|declined] [--evidence TEXT] [--reason TEXT] [--owner X] [--due DAY]"
    )]
    Set(ActionSet),
}

#[derive(ClapArgs)]
pub struct ActionSet {
    /// Id of an action item, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
    /// open, in_progress, done or declined
    #[arg(long, value_name = "STATUS", value_parser = word::<api::types::ActionStatus>)]
    pub status: Option<api::types::ActionStatus>,
    /// What shows that it is done
    #[arg(long, value_name = "TEXT")]
    pub evidence: Option<String>,
    /// Why it is declined; with --due, why its date moves
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// A person's name, handle, e-mail address or id; “me”; “none” takes the owner away
    #[arg(long, value_name = "X")]
    pub owner: Option<String>,
    /// YYYY-MM-DD; “none” takes the day away
    #[arg(long, value_name = "DAY")]
    pub due: Option<String>,
}

#[derive(Subcommand)]
pub enum TemplateCommand {
    /// List the templates
    #[command(override_usage = "debrief templates list")]
    List,
    /// Print the file of one template
    #[command(override_usage = "debrief templates show ID")]
    Show {
        /// The template's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Add a template file to the workspace; --replace changes the one of that id
    #[command(override_usage = "debrief templates add FILE [--replace ID]")]
    Add {
        /// A Markdown file with front matter
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The template to replace
        #[arg(long, value_name = "ID")]
        replace: Option<String>,
    },
    /// Say which lines of a template file are wrong
    #[command(override_usage = "debrief templates check FILE")]
    Check {
        /// A Markdown file with front matter
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// The templates that exported pages are made from
    Export {
        #[command(subcommand)]
        command: ExportTemplateCommand,
    },
}

#[derive(Subcommand)]
pub enum ExportTemplateCommand {
    /// List the export templates, from which web pages and PDFs are made
    #[command(override_usage = "debrief templates export list")]
    List,
    /// Print one export template; --builtin prints the one that comes with Debrief
    #[command(override_usage = "debrief templates export show ID [--builtin]")]
    Show {
        /// postmortem, one-summary, post or summary
        #[arg(value_name = "ID")]
        id: String,
        /// The one that comes with Debrief, also where it was changed
        #[arg(long)]
        builtin: bool,
    },
    /// Make pages from a template file of your own from now on
    #[command(override_usage = "debrief templates export set ID FILE")]
    Set {
        /// postmortem, one-summary, post or summary
        #[arg(value_name = "ID")]
        id: String,
        /// HTML with minijinja
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make pages from the template that comes with Debrief again
    #[command(override_usage = "debrief templates export restore ID")]
    Restore {
        /// postmortem, one-summary, post or summary
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(ClapArgs)]
pub struct Hints {
    /// section, timeline, finding or action: where the text stands
    #[arg(long, value_name = "KIND", default_value = "section", value_parser = word::<model::hints::HintKind>)]
    pub kind: model::hints::HintKind,
    /// Names and handles of the people of the incident, with commas between
    #[arg(long, value_name = "NAMES", default_value = "")]
    pub people: String,
    /// A text file; “-” for stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(ClapArgs)]
pub struct Check {
    /// Make lists and search anew from the log
    #[arg(long)]
    pub rebuild: bool,
}

#[derive(ClapArgs)]
pub struct Backup {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(ClapArgs)]
pub struct Remind {
    /// Send and keep nothing, only say what would go out
    #[arg(long)]
    pub dry_run: bool,
    /// As if it was this instant, such as 2026-11-30T09:00:00Z; else now
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<DateTime<Utc>>,
    /// Where they go out: settings of this machine, as docs/reminders.md says
    #[arg(long, value_name = "FILE", env = "DEBRIEF_REMINDERS")]
    pub reminders: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Serve {
    /// Address and port; port 0 for any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7447", value_parser = address)]
    pub listen: SocketAddr,
    /// The folder of the built screens
    #[arg(long, value_name = "DIR")]
    pub ui: Option<PathBuf>,
    /// Everybody comes in with an account of their own
    #[arg(long)]
    pub team: bool,
    /// The address that people type, such as https://debrief.example.org; else the one it listens on
    #[arg(long, value_name = "URL", requires = "team", value_parser = Origin::read)]
    pub address: Option<Origin>,
    /// A certificate with its chain, as PEM
    #[arg(long, value_name = "FILE", requires_all = ["team", "key"], conflicts_with_all = ["own_certificate", "proxy", "plain"])]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Encrypt with a certificate that Debrief makes; browsers warn of it, the app knows it by its fingerprint
    #[arg(long, requires = "team", conflicts_with_all = ["proxy", "plain"])]
    pub own_certificate: bool,
    /// The address of a proxy that encrypts, and is believed when it says from where somebody asks
    #[arg(
        long,
        value_name = "ADDR",
        requires = "team",
        conflicts_with = "plain",
        value_parser = ip_address
    )]
    pub proxy: Vec<IpAddr>,
    /// Nothing is encrypted: everybody on the way reads along
    #[arg(long, requires = "team")]
    pub plain: bool,
    /// Where reminders go out: settings of this machine, as docs/reminders.md says; without it, none does
    #[arg(long, value_name = "FILE", env = "DEBRIEF_REMINDERS")]
    pub reminders: Option<PathBuf>,
    /// How to write the log on stderr
    #[arg(long, value_name = "KIND", default_value = "text", value_parser = ["text", "json"])]
    pub log: String,
}

#[derive(Subcommand)]
pub enum AccountsCommand {
    /// List accounts and the invitations that are still good
    #[command(override_usage = "debrief accounts list")]
    List,
    /// Make a link that lets somebody in once
    #[command(
        override_usage = "debrief accounts invite [--role viewer|member|facilitator|admin] [--person X|--name TEXT|--account X] [--days 7]"
    )]
    Invite(Invite),
    /// Give somebody another role
    #[command(override_usage = "debrief accounts role X viewer|member|facilitator|admin")]
    Role(RoleOf),
    /// End somebody's account and all that is open under it
    #[command(override_usage = "debrief accounts end X")]
    End(AccountOf),
    /// Show who may see a postmortem, let somebody see it, or open it to everybody with an account
    #[command(override_usage = "debrief accounts access ID [--admit X|--open]")]
    Access(AccessTo),
    /// List the devices that are signed in, or end one
    #[command(override_usage = "debrief accounts sessions [--end ID]")]
    Sessions(Sessions),
    /// Show who came in and what they did, newest first
    #[command(override_usage = "debrief accounts audit [--search WORDS] [--limit 100]")]
    Audit(Audit),
}

#[derive(ClapArgs)]
pub struct Invite {
    /// What they may do
    #[arg(long, default_value = "member", value_parser = role)]
    pub role: AccountRole,
    /// A person of the directory that they are
    #[arg(long, value_name = "X", conflicts_with_all = ["name", "account"])]
    pub person: Option<String>,
    /// Their name, when they are new
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        conflicts_with = "account"
    )]
    pub name: String,
    /// Somebody with an account, for another device
    #[arg(long, value_name = "X")]
    pub account: Option<String>,
    /// Days that it is good for, 1 to 30
    #[arg(long, value_name = "DAYS", default_value = "7", value_parser = clap::value_parser!(u32).range(1..=30))]
    pub days: u32,
}

#[derive(ClapArgs)]
pub struct AccountOf {
    /// A name, or the beginning of an account's id
    #[arg(value_name = "X")]
    pub id: String,
}

#[derive(ClapArgs)]
pub struct RoleOf {
    /// A name, or the beginning of an account's id
    #[arg(value_name = "X")]
    pub who: String,
    /// The role
    #[arg(value_name = "ROLE", value_parser = role)]
    pub role: AccountRole,
}

#[derive(ClapArgs)]
pub struct AccessTo {
    /// Id of a postmortem, or its beginning
    #[arg(value_name = "ID")]
    pub id: String,
    /// Somebody who is to see it too
    #[arg(long, value_name = "X", conflicts_with = "open")]
    pub admit: Option<String>,
    /// Restrict it no longer
    #[arg(long)]
    pub open: bool,
}

#[derive(ClapArgs)]
pub struct Sessions {
    /// The session to end
    #[arg(long, value_name = "ID")]
    pub end: Option<String>,
}

#[derive(ClapArgs)]
pub struct Audit {
    /// Words of a name, an address or a deed
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub search: String,
    /// Rows at the most
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
}

fn role(text: &str) -> Result<AccountRole, String> {
    AccountRole::ALL
        .into_iter()
        .find(|role| role.word() == text)
        .ok_or_else(|| "a role is viewer, member, facilitator or admin".into())
}

fn ip_address(text: &str) -> Result<IpAddr, String> {
    text.parse()
        .map(|address: IpAddr| address.to_canonical())
        .map_err(|_| "name an address, such as 127.0.0.1".into())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "name an address and a port, such as 127.0.0.1:7447".into())
}

fn severity(text: &str) -> Result<api::types::Severity, String> {
    let upper = text.to_uppercase();
    let full = if upper.starts_with("SEV") {
        upper
    } else {
        format!("SEV{upper}")
    };
    serde_json::from_value(full.into())
        .map_err(|_| "choose one of SEV1, SEV2, SEV3, SEV4, SEV5".into())
}

/// A value of one of the product's enums, by the word that documents have for it.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let plain = text.trim().to_lowercase().replace(['-', ' '], "_");
    serde_json::from_value(plain.into()).map_err(|error| {
        let told = error.to_string();
        match told.split_once("expected one of ") {
            Some((_, words)) => format!("choose one of {}", words.replace('`', "")),
            None => "this is not one of the known words".into(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_asked_for_with_an_example() {
        assert!(address("127.0.0.1:0").is_ok(), "an address and a port");
        assert!(address("[::1]:7447").is_ok(), "of either kind");
        for wrong in ["localhost:80", "7447", ":80", "127.0.0.1", ""] {
            assert!(
                address(wrong).is_err_and(|told| told.contains("127.0.0.1:7447")),
                "{wrong:?} is told what would be right"
            );
        }
    }
}
