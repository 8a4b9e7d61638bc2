//! Tickets: prefilled pages, keys and links, and what was pasted back.

use model::list::{ActionRow, FindingRef};
use model::tickets::*;
use url::Url;

fn row(text: &str) -> ActionRow {
    serde_json::from_value(serde_json::json!({
        "doc": "d1", "doc_title": "Login page outage", "severity": "SEV2", "trashed": false, "id": "a3", "number": 3,
        "text": text, "done_when": "An alarm rings\nwithin a minute", "owner": "p1", "owner_name": "Mei", "due": "2026-11-25",
        "priority": "P1", "type": "detect", "status": "open", "settled_at": null, "evidence": "", "reason": "",
        "verified": false, "ticket": "",
            "team": "", "services": [], "doc_status": "follow_up", "evidence_image": null, "evidence_skipped": false,
            "check_on": null, "moves": 0, "reopened": 0, "findings": [{"id": "f5", "number": 5, "text": "Nobody was told"}]
    }))
    .unwrap()
}

fn tracker(kind: TrackerKind, base: &str) -> Tracker {
    let jira = kind == TrackerKind::Jira;
    let number = |text: &str| if jira { text.to_owned() } else { String::new() };
    Tracker {
        id: "t1".into(),
        kind,
        name: "Ops".into(),
        base: base.into(),
        project: number("10000"),
        issue_type: number("10001"),
        ..Tracker::default()
    }
}

fn trackers() -> [Tracker; 4] {
    [
        tracker(TrackerKind::Github, "https://github.com/acme/login"),
        tracker(TrackerKind::Gitlab, "https://gitlab.example.org:8443/a/b/c"),
        tracker(TrackerKind::Jira, "https://jira.example.org/jira"),
        tracker(TrackerKind::Linear, "https://linear.app/acme/team/OPS"),
    ]
}

/// The parameters of an address, as a server reads them.
fn parameters(address: &str) -> Vec<(String, String)> {
    let url = Url::parse(address).unwrap();
    let pairs = url.query_pairs();
    pairs
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect()
}

#[test]
fn a_draft_says_why_when_and_whose() {
    let draft = draft(
        &row("Watch the login host"),
        "https://debrief.example.org/#/x",
    );
    assert_eq!(
        draft.title, "Watch the login host",
        "the item's words are the title"
    );
    assert_eq!(
        draft.body(Markup::Markdown),
        "From action item A3 of the postmortem “Login page outage” (SEV2).\nhttps://debrief.example.org/#/x\n\n\
         - **Done when:** An alarm rings within a minute\n- **Owner:** Mei\n- **Due:** 2026-11-25\n- **Priority:** P1\n\n\
         **Why:**\n\n- F5: Nobody was told",
        "a ticket must tell all that its reader needs"
    );
    assert!(
        draft.body(Markup::Wiki).contains("- *Owner:* Mei"),
        "Jira's bold has one star"
    );
}

#[test]
fn a_draft_of_an_empty_item_is_one_all_the_same() {
    let mut row = row(" \n");
    row.number = None;
    row.severity = None;
    row.doc_title.clear();
    row.done_when.clear();
    row.owner_name.clear();
    row.due = None;
    row.priority = None;
    row.findings.clear();
    let draft = draft(&row, "javascript:alert(1)");
    assert_eq!(
        draft.title, "Action item without words yet",
        "no tracker takes an empty title"
    );
    assert_eq!(
        draft.body(Markup::Markdown),
        "From an action item of an untitled postmortem.",
        "nothing is said of what nobody wrote, and only a web address is a link back"
    );
}

#[test]
fn every_program_gets_its_own_page() {
    let draft = draft(&row("Watch the host"), "");
    let begins = [
        "https://github.com/acme/login/issues/new?title=Watch%20the%20host&body=From%20action",
        "https://gitlab.example.org:8443/a/b/c/-/issues/new?issue%5Btitle%5D=Watch%20the%20host&issue%5Bdescription%5D=From",
        "https://jira.example.org/jira/secure/CreateIssueDetails!init.jspa?pid=10000&issuetype=10001&summary=Watch%20the%20host&description=From",
        "https://linear.app/acme/team/OPS/new?title=Watch%20the%20host&description=From",
    ];
    for (tracker, begins) in trackers().iter().zip(begins) {
        let made = new_issue(tracker, &draft).unwrap();
        assert!(
            made.address.starts_with(begins),
            "the page that the program documents: {}",
            made.address
        );
        assert!(!made.shortened, "a short text fits");
    }
}

#[test]
fn a_text_never_changes_host_path_or_parameters() {
    let hostile = [
        "a&body=b&title=c#d?e=f",
        "line\r\nbreak\n\n\tand tab\0and nul",
        "https://evil.example.org/../../",
        "@evil.example.org/%2e%2e/%0d%0aHost: x",
        "\u{202E}evil\u{2066} עברית العربية",
        "👨\u{200D}👩\u{200D}👧 🇩🇪 e\u{301}\u{301}\u{301}",
        "+ % %% %zz ; = [] {} {code} !x! \\",
    ];
    let mut texts: Vec<String> = hostile.iter().map(|text| (*text).to_owned()).collect();
    texts.push("x".repeat(10_000));
    texts.push("😀".repeat(10_000));
    texts.push("\u{301}".repeat(10_000));
    texts.push("ע".repeat(10_000));
    for text in texts {
        let mut row = row(&text);
        row.doc_title.clone_from(&text);
        row.done_when.clone_from(&text);
        row.owner_name.clone_from(&text);
        row.findings = vec![
            FindingRef {
                id: "f".into(),
                number: None,
                text: text.clone(),
            };
            50
        ];
        let draft = draft(&row, "");
        let short: String = text.chars().take(20).collect();
        assert!(
            !draft.title.contains('\n'),
            "a title is one line: {short:?}"
        );
        assert!(
            draft.short_title().chars().count() <= 250,
            "trackers refuse longer titles: {short:?}"
        );
        for tracker in trackers() {
            let plain = new_issue(&tracker, &model::tickets::draft(&self::row("x"), "")).unwrap();
            let made = new_issue(&tracker, &draft).unwrap();
            let (made_url, plain_url) = (
                Url::parse(&made.address).unwrap(),
                Url::parse(&plain.address).unwrap(),
            );
            assert_eq!(
                made_url.as_str(),
                made.address,
                "nothing is left for a browser to mend: {short:?}"
            );
            assert_eq!(
                made_url.origin(),
                plain_url.origin(),
                "the host stays: {short:?}"
            );
            assert_eq!(
                made_url.path(),
                plain_url.path(),
                "the page stays: {short:?}"
            );
            assert_eq!(
                made_url.fragment(),
                None,
                "nothing falls behind a #: {short:?}"
            );
            let keys = |address: &str| -> Vec<String> {
                parameters(address)
                    .into_iter()
                    .map(|(key, _)| key)
                    .collect()
            };
            assert_eq!(
                keys(&made.address),
                keys(&plain.address),
                "the parameters stay: {short:?}"
            );
            let most = if tracker.kind == TrackerKind::Jira {
                4_000
            } else {
                7_000
            };
            assert!(
                made.address.len() <= most,
                "{} bytes are more than servers take: {short:?}",
                made.address.len()
            );
            let values = parameters(&made.address);
            let title = &values[values.len() - 2].1;
            assert_eq!(
                *title,
                draft.short_title(),
                "the title arrives as it is: {short:?}"
            );
            let body = &values[values.len() - 1].1;
            assert!(
                !body.contains('\u{FFFD}'),
                "no letter is cut in two: {short:?}"
            );
            assert_eq!(
                made.shortened,
                body.ends_with("all of it.)") || body.is_empty(),
                "what was left out is said: {short:?}"
            );
        }
    }
}

#[test]
fn markdown_holds_all_of_it() {
    let long = "word ".repeat(4_000);
    let drafts = [draft(&row(&long), ""), draft(&row("Second"), "")];
    let text = markdown(&drafts);
    assert!(text.contains(long.trim()), "a copy has no limit");
    assert_eq!(text.matches("\n## ").count() + 1, 2, "one heading for each");
}

#[test]
fn addresses_are_cut_back_to_where_issues_are_made() {
    let table = [
        (
            TrackerKind::Github,
            "https://github.com/acme/login.git",
            "https://github.com/acme/login",
        ),
        (
            TrackerKind::Github,
            " https://github.com/acme/login/issues?q=is%3Aopen#x ",
            "https://github.com/acme/login",
        ),
        (
            TrackerKind::Gitlab,
            "https://gitlab.com/a/b/c/-/issues/new",
            "https://gitlab.com/a/b/c",
        ),
        (
            TrackerKind::Gitlab,
            "http://10.0.0.7/a/b/",
            "http://10.0.0.7/a/b",
        ),
        (
            TrackerKind::Jira,
            "https://acme.atlassian.net/jira/software/projects/OPS/boards/1",
            "https://acme.atlassian.net",
        ),
        (
            TrackerKind::Jira,
            "https://jira.example.org/jira/browse/OPS-1",
            "https://jira.example.org/jira",
        ),
        (
            TrackerKind::Jira,
            "HTTPS://JIRA.example.org",
            "https://jira.example.org",
        ),
        (
            TrackerKind::Linear,
            "https://linear.app/acme/team/OPS/active",
            "https://linear.app/acme/team/OPS",
        ),
        (
            TrackerKind::Linear,
            "https://linear.app/team/OPS/new",
            "https://linear.app/team/OPS",
        ),
        (
            TrackerKind::Linear,
            "https://linear.app/acme/inbox",
            "https://linear.app/acme",
        ),
        (
            TrackerKind::Github,
            "https://github.com/a%20b/c",
            "https://github.com/a%20b/c",
        ),
    ];
    for (kind, typed, expected) in table {
        let kept = checked(&tracker(kind, typed)).unwrap();
        assert_eq!(
            kept.base, expected,
            "what a browser shows for {kind:?} is enough"
        );
        assert_eq!(
            checked(&kept),
            Ok(kept.clone()),
            "what is kept is not changed again"
        );
    }
}

#[test]
fn what_is_no_tracker_is_refused_with_its_field() {
    let ok = tracker(TrackerKind::Jira, "https://jira.example.org");
    let github = |base: &str| tracker(TrackerKind::Github, base);
    let with = |change: fn(&mut Tracker)| {
        let mut tracker = ok.clone();
        change(&mut tracker);
        tracker
    };
    let table = [
        (github("ftp://github.com/a/b"), "base"),
        (github("javascript:alert(1)"), "base"),
        (github("file:///etc/passwd"), "base"),
        (github("https://me:secret@github.com/a/b"), "base"),
        (github("https://me@github.com/a/b"), "base"),
        (github("github.com/a/b"), "base"),
        (github("https://"), "base"),
        (github("https://github.com/acme"), "base"),
        (github(""), "base"),
        (
            github(&format!("https://github.com/a/{}", "b".repeat(400))),
            "base",
        ),
        (with(|t| t.name = "\u{200B}".into()), "name"),
        (with(|t| t.project = "OPS".into()), "project"),
        (with(|t| t.project = "1&x=2".into()), "project"),
        (with(|t| t.issue_type.clear()), "issue_type"),
        (with(|t| t.pattern = "OPS".into()), "pattern"),
        (with(|t| t.pattern = "OPS-##".into()), "pattern"),
        (with(|t| t.pattern = "OPS1#".into()), "pattern"),
        (with(|t| t.pattern = ".*".into()), "pattern"),
        (with(|t| t.link = "https://x.example.org/".into()), "link"),
        (
            with(|t| t.link = "https://{key}.example.org/".into()),
            "link",
        ),
        (with(|t| t.link = "{key}".into()), "link"),
        (
            with(|t| t.link = "javascript:alert('{key}')".into()),
            "link",
        ),
        (
            with(|t| t.link = "https://a:b@example.org/{key}".into()),
            "link",
        ),
    ];
    for (wrong, field) in table {
        assert_eq!(
            checked(&wrong).map_err(|wrong| wrong.field),
            Err(field),
            "must be refused: {wrong:?}"
        );
    }
    let kept = checked(&with(|t| t.pattern = " OPS-#,INFRA-#  ".into())).unwrap();
    assert_eq!(
        kept.pattern, "OPS-# INFRA-#",
        "patterns are kept with one space between"
    );
}

#[derive(serde::Deserialize)]
struct Shared {
    trackers: Vec<Tracker>,
    links: Vec<(String, Option<String>)>,
    usual: Vec<Usual>,
}

#[derive(serde::Deserialize)]
struct Usual {
    tracker: Tracker,
    links: Vec<(String, Option<String>)>,
}

#[test]
fn keys_become_links_as_on_the_page() {
    let shared: Shared = serde_json::from_str(include_str!("../fixtures/tickets.json")).unwrap();
    let mut all = vec![(shared.trackers, shared.links)];
    all.extend(
        shared
            .usual
            .into_iter()
            .map(|one| (vec![one.tracker], one.links)),
    );
    for (trackers, links) in all {
        for tracker in &trackers {
            assert_eq!(
                checked(tracker).as_ref(),
                Ok(tracker),
                "the fixture holds what can be kept"
            );
        }
        for (ticket, expected) in links {
            assert_eq!(link(&ticket, &trackers), expected, "the link of {ticket:?}");
        }
    }
}

fn candidates(texts: &[&str]) -> Vec<Candidate> {
    let each = texts.iter().enumerate().map(|(at, text)| Candidate {
        doc: "d1".into(),
        id: format!("a{}", at + 1),
        number: u32::try_from(at + 1).ok(),
        text: (*text).into(),
    });
    each.collect()
}

const ITEMS: &[&str] = &[
    "Alarm when the login host answers slowly",
    "Renew certificates by a program",
    "Write down who may restart the login host",
];

/// What was found, as "ticket how item".
fn told(text: &str, items: &[&str], trackers: &[Tracker]) -> Vec<String> {
    matched(text, &candidates(items), trackers)
        .into_iter()
        .map(|found| {
            let item = found.item.map(|at| format!("A{}", at + 1));
            format!(
                "{} {:?} {}",
                found.ticket,
                found.how,
                item.unwrap_or("-".into())
            )
        })
        .collect()
}

#[test]
fn lines_are_matched_by_number_words_and_order() {
    let ops = Tracker {
        pattern: "OPS-#".into(),
        ..tracker(TrackerKind::Jira, "https://jira.example.org")
    };
    let ops = [ops];
    assert_eq!(
        told(
            "ops-7 A3\nOPS-8: renew certificates by a program\nOPS-9\n",
            ITEMS,
            &ops
        ),
        ["OPS-7 Number A3", "OPS-8 Words A2", "OPS-9 Order A1"],
        "a number, the words, and what is left over"
    );
    assert_eq!(
        told("OPS-1\n\nOPS-2\nOPS-3", ITEMS, &[]),
        ["OPS-1 Order A1", "OPS-2 Order A2", "OPS-3 Order A3"],
        "bare keys without any tracker set up"
    );
    assert_eq!(
        told("OPS-1\nOPS-2", ITEMS, &[]),
        ["OPS-1 Nothing -", "OPS-2 Nothing -"],
        "two keys for three items could be any two"
    );
    assert_eq!(
        told(
            "OPS-1 Alarm when the login host answers slowly\nOPS-2 Buy new chairs\n",
            &ITEMS[..2],
            &ops
        ),
        ["OPS-1 Words A1", "OPS-2 Nothing -"],
        "a title that is like no item is not matched by its place"
    );
    assert_eq!(
        told("OPS-1\nOPS-1 A2\nnothing here\n", ITEMS, &ops),
        ["OPS-1 Nothing -"],
        "a ticket counts once, and a line without one not at all"
    );
}

#[test]
fn lines_are_read_as_trackers_print_them() {
    let table = [
        (
            "| OPS-4 | Renew certificates by a program | Mei | To Do |",
            "OPS-4 Words A2",
        ),
        (
            "Task\tOPS-4\tOPS-4 Renew certificates by a program\tMei Chan\tHigh",
            "OPS-4 Words A2",
        ),
        (
            "[OPS-4](https://jira.example.org/browse/OPS-4) Renew certificates by a program",
            "https://jira.example.org/browse/OPS-4 Words A2",
        ),
        (
            "https://github.com/acme/login/issues/9 Renew certificates by a program",
            "https://github.com/acme/login/issues/9 Words A2",
        ),
        (
            "<https://github.com/acme/login/issues/9>, A2",
            "https://github.com/acme/login/issues/9 Number A2",
        ),
        (
            "Renew certificates by a program\n#12 opened 2 minutes ago by mei",
            "#12 Words A2",
        ),
        (
            "- [ ] acme/login#12 Renew certificates by a prog…",
            "acme/login#12 Words A2",
        ),
        (
            "\"OPS-4\",\"RENEW Certificates, by a program!\"",
            "OPS-4 Words A2",
        ),
        ("OPS-4 (DOC/A2)", "OPS-4 Number A2"),
    ];
    for (text, expected) in table {
        assert_eq!(told(text, ITEMS, &[]), [expected], "in {text:?}");
    }
}

#[test]
fn one_item_never_gets_two_tickets_and_hostile_texts_are_read() {
    let same = ["Renew certificates", "Renew certificates"];
    assert_eq!(
        told(
            "OPS-1 Renew certificates\nOPS-2 Renew certificates\nOPS-3 Renew certificates",
            &same,
            &[]
        ),
        ["OPS-1 Words A1", "OPS-2 Words A2", "OPS-3 Nothing -"],
        "each takes one, in their order"
    );
    for text in [
        "",
        "\0",
        "\u{202E}OPS-1",
        "https://",
        "https://me:pw@x/1",
        "#",
        "-1",
        "A3",
        "|||",
        "٣-٣",
    ] {
        let found = matched(text, &candidates(ITEMS), &trackers());
        assert!(
            found.iter().all(|found| !found.ticket.contains("pw@")),
            "no address with a password is kept: {text:?} {found:?}"
        );
    }
    let many = "OPS-1 word word word\n".repeat(100_000);
    assert!(
        matched(&many, &candidates(ITEMS), &[]).len() <= 1,
        "it is read to a bound"
    );
    let long = format!("OPS-1 {}", "é".repeat(1_000_000));
    assert_eq!(
        matched(&long, &candidates(ITEMS), &[]).len(),
        1,
        "a line is read to a bound"
    );
}
