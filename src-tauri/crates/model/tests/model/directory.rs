//! The directory's document.

use model::directory::{Directory, DueDays, Person, Service, SharedSettings, StoredTemplate};
use model::directory_document::{read, write};
use model::document::{apply, encode_state, guard, new_doc};
use model::tickets::{Tracker, TrackerKind};

fn directory() -> Directory {
    let person = |id: &str, name: &str| Person {
        id: id.into(),
        name: name.into(),
        handle: name.to_lowercase(),
        ..Person::default()
    };
    Directory {
        people: vec![person("p2", "Ada"), person("p1", "Bo")],
        services: vec![Service {
            id: "login".into(),
            name: "Login".into(),
        }],
        themes: vec!["access".into(), "monitoring".into()],
        templates: vec![StoredTemplate {
            id: "ours".into(),
            source: "---\nname: Ours\n---\n".into(),
        }],
        export_templates: vec![StoredTemplate {
            id: "summary".into(),
            source: "<main><h1>{{ title }}</h1></main>".into(),
        }],
        trackers: vec![Tracker {
            id: "t1".into(),
            kind: TrackerKind::Jira,
            name: "Ops".into(),
            base: "https://jira.example.org".into(),
            project: "10000".into(),
            issue_type: "10001".into(),
            pattern: "OPS-#".into(),
            link: "https://jira.example.org/browse/{key}".into(),
        }],
        settings: SharedSettings {
            timezone: "Europe/Berlin".into(),
            due_days: DueDays {
                sev1: 7,
                ..DueDays::default()
            },
            ..SharedSettings::default()
        },
    }
}

#[test]
fn what_is_written_is_read() {
    let doc = new_doc();
    assert_eq!(
        read(&doc),
        Directory::default(),
        "an empty document is an empty directory with the standard settings"
    );
    let update = write(&doc, &directory());
    assert_eq!(
        read(&doc),
        directory(),
        "a document must hold all of a directory"
    );
    assert_eq!(
        write(&doc, &directory()),
        Vec::<u8>::new(),
        "what is there already needs no edit"
    );
    guard::check_update(&update).unwrap();
    let other = new_doc();
    assert!(
        apply(&other, &update).unwrap().changed,
        "the directory travels like any document"
    );
    assert_eq!(read(&other), directory(), "and reads the same elsewhere");
}

#[test]
fn entries_change_and_go() {
    let doc = new_doc();
    write(&doc, &directory());
    let mut changed = directory();
    changed.people[1].left = true;
    changed.services.clear();
    changed.themes.remove(0);
    changed.templates.clear();
    changed.export_templates.clear();
    changed.trackers.clear();
    changed.settings.due_days.sev2 = 20;
    write(&doc, &changed);
    assert_eq!(
        read(&doc),
        changed,
        "everything but people can go, and people can leave"
    );
    let mut without = changed.clone();
    without.people.clear();
    write(&doc, &without);
    assert_eq!(
        read(&doc).people,
        changed.people,
        "documents name people, so nobody is erased"
    );
    write(&doc, &directory());
    assert_eq!(
        read(&doc).services,
        directory().services,
        "a service can come back"
    );
    assert_eq!(
        read(&doc).trackers,
        directory().trackers,
        "and so can a tracker"
    );
    guard::check_update(&encode_state(&doc)).unwrap();
}

#[test]
fn two_computers_edit_at_once() {
    let one = new_doc();
    write(&one, &directory());
    let two = new_doc();
    apply(&two, &encode_state(&one)).unwrap();
    let mut here = read(&one);
    here.people[0].email = "ada@example.com".into();
    let mut there = read(&two);
    there.people[0].role_title = "Engineer".into();
    there.themes.push("workload".into());
    let (a, b) = (write(&one, &here), write(&two, &there));
    apply(&one, &b).unwrap();
    apply(&two, &a).unwrap();
    assert_eq!(
        read(&one),
        read(&two),
        "both end up with the same directory"
    );
    assert_eq!(
        read(&one).people[0].email,
        "ada@example.com",
        "one field's edit does not undo another's"
    );
    assert_eq!(
        read(&one).people[0].role_title,
        "Engineer",
        "one field's edit does not undo another's"
    );
}
