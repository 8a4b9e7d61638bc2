//! Accounts, and a workspace in which some postmortems are not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono_tz::Tz;
use model::account::{AccountRole, PostmortemAccess};
use model::list::{ActionFilter, PostmortemFilter, SearchQuery};
use model::postmortem::{Image, Postmortem, TimelineEvent};
use store::{NewInvitation, NewSession, Store, StoreError};

use crate::{AT, Home, add, add_example, now};

const DAY: i64 = 86_400_000;

fn invite(store: &Store, secret: &str, account: Option<&str>, role: AccountRole) {
    store
        .invite(&NewInvitation {
            id: &format!("invitation of {secret}"),
            secret,
            account,
            person: None,
            name: "",
            role,
            by: "",
            at_ms: AT,
            expires_ms: AT + DAY,
        })
        .unwrap();
}

fn accept(store: &Store, secret: &str, name: &str, at_ms: i64) -> Result<String, StoreError> {
    store.accept(
        secret,
        &NewSession {
            id: &format!("session of {name}"),
            secret: &format!("secret of {name}"),
            device: "a test",
            account: &format!("account of {name}"),
            person: &format!("person of {name}"),
            name,
            at_ms,
        },
    )
}

#[test]
fn an_invitation_is_good_once_and_for_its_time() {
    let Home { store, folder } = Home::new();
    invite(&store, "late", None, AccountRole::Member);
    let late = accept(&store, "late", "Late", AT + DAY);
    assert!(
        matches!(late, Err(StoreError::Refused(_))),
        "it has run out: {late:?}"
    );
    invite(&store, "first", None, AccountRole::Admin);
    let account = accept(&store, "first", "Ada", AT).unwrap();
    let again = accept(&store, "first", "Mallory", AT);
    assert!(
        matches!(again, Err(StoreError::Refused(_))),
        "it was used: {again:?}"
    );
    let session = store.session("secret of Ada", AT - DAY).unwrap().unwrap();
    assert_eq!(
        (session.account.as_str(), session.role),
        (account.as_str(), AccountRole::Admin),
        "it opened a session of its account"
    );
    assert_eq!(
        store.session("secret of Ada", AT + DAY).unwrap(),
        None,
        "a session that nobody used for long is over"
    );
    store.touch_session(&session.id, AT + 2 * DAY).unwrap();
    store.touch_session(&session.id, AT).unwrap();
    assert!(
        store.session("secret of Ada", AT + DAY).unwrap().is_some(),
        "being used keeps it, also when a clock goes back"
    );
    let last = store.end_account(&account, AT);
    assert!(
        matches!(last, Err(StoreError::Refused(_))),
        "somebody has to look after the accounts: {last:?}"
    );
    assert!(
        matches!(
            store.set_role(&account, AccountRole::Viewer, AT),
            Err(StoreError::Refused(_))
        ),
        "nor may the last admin become something less"
    );
    assert_eq!(
        store.accounts().unwrap()[0].role,
        AccountRole::Admin,
        "what was refused left nothing behind"
    );
    invite(&store, "second", None, AccountRole::Admin);
    accept(&store, "second", "Bo", AT).unwrap();
    invite(&store, "device", Some(&account), AccountRole::Admin);
    store.end_account(&account, AT).unwrap();
    assert_eq!(
        store.session("secret of Ada", AT - DAY).unwrap(),
        None,
        "an ended account's sessions are over"
    );
    assert_eq!(
        store.invitation("device", AT).unwrap(),
        None,
        "and what invited to it is worthless"
    );
    drop(store);
    drop(folder);
}

#[test]
fn what_is_hidden_is_nowhere() {
    let Home { store, folder } = Home::new();
    let seen = add_example(&store);
    let image = |store: &Store, bytes: &[u8]| store.put_blob(bytes, "image/png", AT).unwrap();
    let (own, shared, loose) = (
        image(&store, b"own"),
        image(&store, b"shared"),
        image(&store, b"loose"),
    );
    let picture = |id: &str, hash: &str| TimelineEvent {
        id: id.into(),
        text: "Payroll ran twice".into(),
        image: Some(Image {
            hash: hash.into(),
            alt: String::new(),
        }),
        ..TimelineEvent::default()
    };
    let mut hidden = model::demo::login_outage(now()).0;
    hidden.id = "hidden".into();
    hidden.title = "Payroll went to the wrong bank".into();
    hidden.timeline.push(picture("e-own", &own));
    hidden.timeline.push(picture("e-shared", &shared));
    add(&store, "hidden", &hidden, AT);
    let mut other = Postmortem {
        id: "other".into(),
        title: "Something else".into(),
        ..Postmortem::default()
    };
    let mut event = picture("e-shared", &shared);
    event.text = "Nothing to do with wages".into();
    other.timeline.push(event);
    add(&store, "other", &other, AT);
    store.refresh_search().unwrap();

    invite(&store, "in", None, AccountRole::Admin);
    invite(&store, "out", None, AccountRole::Member);
    let (inside, outside) = (
        accept(&store, "in", "In", AT).unwrap(),
        accept(&store, "out", "Out", AT).unwrap(),
    );
    let only = |accounts: Vec<String>| PostmortemAccess {
        restricted: true,
        accounts,
    };
    assert!(
        matches!(
            store.set_access("hidden", &only(Vec::new()), AT),
            Err(StoreError::Refused(_))
        ),
        "somebody sees it"
    );
    store
        .set_access("hidden", &only(vec![inside.clone()]), AT)
        .unwrap();
    assert_eq!(
        store.hidden_from(&inside).unwrap(),
        BTreeSet::new(),
        "whoever was named sees everything"
    );
    let from = store.hidden_from(&outside).unwrap();
    assert_eq!(from, BTreeSet::from(["hidden".to_owned()]), "others do not");

    let store = Arc::new(store);
    let narrow = store.narrowed(from).unwrap();
    let told = |store: &Store| {
        let zone = Tz::UTC;
        let day = now().date_naive();
        let query = |words: &str| SearchQuery {
            query: words.into(),
            limit: 50,
        };
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
            store
                .postmortems(&PostmortemFilter::default(), zone)
                .unwrap(),
            store.actions(&ActionFilter::default(), day, zone).unwrap(),
            store.search(&query("payroll")).unwrap(),
            store.search(&query("login")).unwrap(),
            store.documents().unwrap(),
            store.document("hidden").unwrap(),
            store.clients("hidden").unwrap(),
            store.log_of("hidden", 0).unwrap(),
            store.participants().unwrap(),
            store.postmortem_row("hidden").unwrap(),
        )
    };
    assert!(
        told(&store).contains("hidden"),
        "the whole workspace has it"
    );
    let told = told(&narrow);
    for word in ["hidden", "Payroll", "payroll"] {
        assert!(!told.contains(word), "{word} is nowhere: {told}");
    }
    assert!(
        told.contains(&seen) && told.contains("Something else"),
        "everything else is there"
    );
    let whole = store.info().unwrap();
    let less = narrow.info().unwrap();
    assert_eq!(
        whole.postmortems,
        less.postmortems + 1,
        "counts leave it out"
    );
    assert!(
        less.open_actions < whole.open_actions,
        "of action items too"
    );
    assert!(
        store.load("hidden").is_ok() && narrow.load("hidden").is_err(),
        "it cannot be loaded"
    );
    for (hash, expected, why) in [
        (&own, false, "an image of it alone is hidden with it"),
        (&shared, true, "one that another postmortem shows is not"),
        (&loose, true, "nor one that belongs to nothing yet"),
    ] {
        assert_eq!(narrow.blob(hash).unwrap().is_some(), expected, "{why}");
    }
    assert!(
        matches!(narrow.trash(&seen, AT), Err(StoreError::ReadOnly)),
        "nothing is written through it"
    );
    // Every table that speaks of postmortems is covered, whoever adds one.
    let raw = crate::raw(&folder.path().join("workspace.debrief"));
    let tables: Vec<String> = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let speaks: Vec<&str> = tables
        .iter()
        .map(String::as_str)
        .filter(|table| {
            raw.prepare(&format!("SELECT * FROM \"{table}\""))
                .unwrap()
                .column_names()
                .iter()
                .any(|column| column.contains("doc") && *column != "doc_id")
        })
        .collect();
    assert_eq!(
        speaks, [""; 0],
        "a table names the postmortem that a row is of doc_id, so that it can be hidden"
    );
    // What is seen follows what is written meanwhile.
    let mut late = Postmortem {
        id: "late".into(),
        ..Postmortem::default()
    };
    late.title = "Written later".into();
    add(&store, "late", &late, AT);
    assert!(
        narrow
            .postmortems(&PostmortemFilter::default(), Tz::UTC)
            .unwrap()
            .rows
            .iter()
            .any(|row| row.title == "Written later"),
        "it is the same file"
    );
    drop(narrow);
    drop(store);
}
