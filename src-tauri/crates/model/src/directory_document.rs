//! The document of the directory: people, services, themes, templates, trackers, shared settings. It is applied, encoded and
//! exchanged by the same functions as a postmortem's.
//!
//! | root map | what |
//! |---|---|
//! | `people` | person id → map of `name`, `short_name`, `handle`, `email`, `role_title`, `team`, `left`, `timezone`, `reminders` |
//! | `services` | service id → map of `name`, `deleted` |
//! | `themes` | word → true |
//! | `templates` | id → the file; empty: removed |
//! | `export_templates` | id of a page → its body's template; empty: as it came |
//! | `trackers` | id → map of `kind`, `name`, `base`, `project`, `issue_type`, `pattern`, `link`, `deleted` |
//! | `settings` | `timezone`, `default_template`, `due_sev1` … `due_sev5`, `look_again`, `remind_before`, `remind_on_day`, `remind_every`, `remind_weekends`, `remind_hour`, `remind_digest` |

use std::collections::{BTreeMap, BTreeSet};

use yrs::{Any, Doc, Map, MapPrelim, MapRef, Out, ReadTxn, Transact, TransactionMut};

use crate::bounds::{SHORT, TEXT, cut};
use crate::directory::{Directory, DueDays, Person, Service, SharedSettings, StoredTemplate};
use crate::document::{DELETED, Entries, ORIGIN, number, root_map, word};
use crate::reminders::ReminderPolicy;
use crate::tickets::{MOST_TRACKERS, Tracker, TrackerKind};

const PEOPLE: &str = "people";
const SERVICES: &str = "services";
const THEMES: &str = "themes";
const TEMPLATES: &str = "templates";
const EXPORT_TEMPLATES: &str = "export_templates";
const TRACKERS: &str = "trackers";
const SETTINGS: &str = "settings";

/// The directory as plain data.
pub fn read(doc: &Doc) -> Directory {
    let txn = doc.transact();
    let mut people: Vec<Person> = rows(&txn, PEOPLE)
        .into_iter()
        .map(|(id, map)| read_person(&txn, id, &map))
        .collect();
    people.sort_by(|a, b| by_name(&a.name, &a.id, &b.name, &b.id));
    let mut services: Vec<Service> = rows(&txn, SERVICES)
        .into_iter()
        .filter(|(_, map)| !(Entries { map, txn: &txn }).flag(DELETED))
        .map(|(id, map)| Service {
            name: Entries {
                map: &map,
                txn: &txn,
            }
            .string("name"),
            id,
        })
        .collect();
    services.sort_by(|a, b| by_name(&a.name, &a.id, &b.name, &b.id));
    Directory {
        people,
        services,
        themes: read_themes(&txn).into_iter().collect(),
        templates: read_templates(&txn, TEMPLATES),
        export_templates: read_templates(&txn, EXPORT_TEMPLATES),
        trackers: read_trackers(&txn),
        settings: read_settings(&txn),
    }
}

/// Edits the document so that it reads as `to`, in one transaction, and returns the update; empty when nothing differs.
/// People are never removed, because documents name them: those who are missing in `to` stay as they are.
pub fn write(doc: &Doc, to: &Directory) -> Vec<u8> {
    let base = read(doc);
    let mut txn = doc.transact_mut_with(ORIGIN);
    let people = root_map(&mut txn, PEOPLE);
    for person in to.people.iter().filter(|person| !person.id.is_empty()) {
        let old = base.people.iter().find(|old| old.id == person.id);
        write_row(
            &mut txn,
            &people,
            &person.id,
            old.map(person_fields),
            person_fields(person),
        );
    }
    let services = root_map(&mut txn, SERVICES);
    for service in to.services.iter().filter(|service| !service.id.is_empty()) {
        let fields = |service: &Service| {
            vec![
                ("name", Any::from(cut(&service.name, SHORT))),
                (DELETED, Any::Bool(false)),
            ]
        };
        let old = base.services.iter().find(|old| old.id == service.id);
        write_row(
            &mut txn,
            &services,
            &service.id,
            old.map(fields),
            fields(service),
        );
    }
    for gone in base
        .services
        .iter()
        .filter(|old| to.services.iter().all(|service| service.id != old.id))
    {
        write_row(
            &mut txn,
            &services,
            &gone.id,
            None,
            vec![(DELETED, Any::Bool(true))],
        );
    }
    let themes = root_map(&mut txn, THEMES);
    let old: BTreeSet<&str> = base.themes.iter().map(String::as_str).collect();
    let new: BTreeSet<&str> = to
        .themes
        .iter()
        .map(|word| cut(word, 256))
        .filter(|word| !word.is_empty())
        .collect();
    for word in old.symmetric_difference(&new) {
        themes.insert(&mut txn, *word, Any::Bool(new.contains(word)));
    }
    write_templates(&mut txn, TEMPLATES, &base.templates, &to.templates);
    write_templates(
        &mut txn,
        EXPORT_TEMPLATES,
        &base.export_templates,
        &to.export_templates,
    );
    write_trackers(&mut txn, &base.trackers, &to.trackers);
    let settings = root_map(&mut txn, SETTINGS);
    for ((key, old), (_, new)) in setting_fields(&base.settings)
        .into_iter()
        .zip(setting_fields(&to.settings))
    {
        if old != new {
            settings.insert(&mut txn, key, new);
        }
    }
    if txn.has_changes() {
        txn.encode_update_v1()
    } else {
        Vec::new()
    }
}

fn by_name(a: &str, a_id: &str, b: &str, b_id: &str) -> std::cmp::Ordering {
    a.to_lowercase()
        .cmp(&b.to_lowercase())
        .then_with(|| a_id.cmp(b_id))
}

fn rows<T: ReadTxn>(txn: &T, root: &str) -> Vec<(String, MapRef)> {
    let Some(root) = txn.get_map(root) else {
        return Vec::new();
    };
    root.iter(txn)
        .filter_map(|(id, value)| match value {
            Out::YMap(map) => Some((id.to_owned(), map)),
            _ => None,
        })
        .collect()
}

fn read_person<T: ReadTxn>(txn: &T, id: String, map: &MapRef) -> Person {
    let entries = Entries { map, txn };
    Person {
        id,
        name: entries.string("name"),
        short_name: entries.string("short_name"),
        handle: entries.string("handle"),
        email: entries.string("email"),
        role_title: entries.string("role_title"),
        team: entries.string("team"),
        left: entries.flag("left"),
        timezone: entries.string("timezone"),
        reminders: entries.word("reminders").unwrap_or_default(),
    }
}

fn person_fields(person: &Person) -> Vec<(&'static str, Any)> {
    vec![
        ("name", Any::from(cut(&person.name, SHORT))),
        ("short_name", Any::from(cut(&person.short_name, SHORT))),
        ("handle", Any::from(cut(&person.handle, SHORT))),
        ("email", Any::from(cut(&person.email, SHORT))),
        ("role_title", Any::from(cut(&person.role_title, SHORT))),
        ("team", Any::from(cut(&person.team, SHORT))),
        ("left", Any::Bool(person.left)),
        ("timezone", Any::from(cut(&person.timezone, SHORT))),
        ("reminders", word(&Some(person.reminders))),
    ]
}

fn write_row(
    txn: &mut TransactionMut,
    root: &MapRef,
    id: &str,
    old: Option<Vec<(&'static str, Any)>>,
    new: Vec<(&'static str, Any)>,
) {
    let map = match root.get(txn, id) {
        Some(Out::YMap(map)) => map,
        _ => root.insert(txn, id, MapPrelim::default()),
    };
    for (key, value) in new {
        let known = old
            .as_ref()
            .and_then(|old| old.iter().find(|(name, _)| *name == key));
        if known.is_none_or(|(_, known)| *known != value) {
            map.try_update(txn, key, value);
        }
    }
}

fn read_themes<T: ReadTxn>(txn: &T) -> BTreeSet<String> {
    let Some(map) = txn.get_map(THEMES) else {
        return BTreeSet::new();
    };
    let on = map
        .iter(txn)
        .filter(|(_, value)| matches!(value, Out::Any(Any::Bool(true))));
    on.map(|(word, _)| cut(word, 256).to_owned()).collect()
}

fn write_templates(
    txn: &mut TransactionMut,
    root: &str,
    old: &[StoredTemplate],
    new: &[StoredTemplate],
) {
    let old: BTreeMap<&str, &str> = old
        .iter()
        .map(|t| (t.id.as_str(), t.source.as_str()))
        .collect();
    let new: BTreeMap<&str, &str> = new
        .iter()
        .filter(|t| !t.id.is_empty())
        .map(|t| (t.id.as_str(), cut(&t.source, TEXT)))
        .collect();
    let ids: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let templates = root_map(txn, root);
    for id in ids {
        if old.get(id) != new.get(id) {
            templates.insert(txn, id, new.get(id).copied().unwrap_or_default());
        }
    }
}

fn read_templates<T: ReadTxn>(txn: &T, root: &str) -> Vec<StoredTemplate> {
    let Some(map) = txn.get_map(root) else {
        return Vec::new();
    };
    let found: BTreeMap<String, String> = map
        .iter(txn)
        .filter_map(|(id, value)| match value {
            Out::Any(Any::String(source)) if !source.is_empty() => {
                Some((id.to_owned(), cut(&source, TEXT).to_owned()))
            }
            _ => None,
        })
        .collect();
    found
        .into_iter()
        .map(|(id, source)| StoredTemplate { id, source })
        .collect()
}

fn read_trackers<T: ReadTxn>(txn: &T) -> Vec<Tracker> {
    let mut trackers: Vec<Tracker> = rows(txn, TRACKERS)
        .into_iter()
        .filter_map(|(id, map)| {
            let entries = Entries { map: &map, txn };
            if entries.flag(DELETED) {
                return None;
            }
            Some(Tracker {
                id,
                kind: kind_of(&entries.string("kind"))?,
                name: entries.string("name"),
                base: entries.string("base"),
                project: entries.string("project"),
                issue_type: entries.string("issue_type"),
                pattern: entries.string("pattern"),
                link: entries.string("link"),
            })
        })
        .collect();
    trackers.sort_by(|a, b| by_name(&a.name, &a.id, &b.name, &b.id));
    trackers.truncate(MOST_TRACKERS);
    trackers
}

const KINDS: [(TrackerKind, &str); 4] = [
    (TrackerKind::Github, "github"),
    (TrackerKind::Gitlab, "gitlab"),
    (TrackerKind::Jira, "jira"),
    (TrackerKind::Linear, "linear"),
];

/// A kind that only a later version knows is none here, and its tracker stays in the document.
fn kind_of(word: &str) -> Option<TrackerKind> {
    let known = KINDS.iter().find(|(_, known)| *known == word);
    known.map(|(kind, _)| *kind)
}

fn write_trackers(txn: &mut TransactionMut, old: &[Tracker], new: &[Tracker]) {
    let fields = |tracker: &Tracker| {
        let kind = KINDS.iter().find(|(kind, _)| *kind == tracker.kind);
        vec![
            ("kind", Any::from(kind.map_or("", |(_, word)| *word))),
            ("name", Any::from(cut(&tracker.name, SHORT))),
            ("base", Any::from(cut(&tracker.base, SHORT))),
            ("project", Any::from(cut(&tracker.project, SHORT))),
            ("issue_type", Any::from(cut(&tracker.issue_type, SHORT))),
            ("pattern", Any::from(cut(&tracker.pattern, SHORT))),
            ("link", Any::from(cut(&tracker.link, SHORT))),
            (DELETED, Any::Bool(false)),
        ]
    };
    let root = root_map(txn, TRACKERS);
    for tracker in new.iter().filter(|tracker| !tracker.id.is_empty()) {
        let before = old.iter().find(|old| old.id == tracker.id);
        write_row(txn, &root, &tracker.id, before.map(fields), fields(tracker));
    }
    for gone in old
        .iter()
        .filter(|old| new.iter().all(|tracker| tracker.id != old.id))
    {
        write_row(txn, &root, &gone.id, None, vec![(DELETED, Any::Bool(true))]);
    }
}

fn read_settings<T: ReadTxn>(txn: &T) -> SharedSettings {
    let standard = SharedSettings::default();
    let Some(map) = txn.get_map(SETTINGS) else {
        return standard;
    };
    let entries = Entries { map: &map, txn };
    let days = |key: &str, standard: u16| {
        entries
            .number(key)
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(standard)
    };
    let policy = standard.reminders;
    SharedSettings {
        timezone: entries.string("timezone"),
        due_days: DueDays {
            sev1: days("due_sev1", standard.due_days.sev1),
            sev2: days("due_sev2", standard.due_days.sev2),
            sev3: days("due_sev3", standard.due_days.sev3),
            sev4: days("due_sev4", standard.due_days.sev4),
            sev5: days("due_sev5", standard.due_days.sev5),
        },
        default_template: entries
            .some_string("default_template")
            .unwrap_or(standard.default_template),
        reminders: ReminderPolicy {
            days_before: days("remind_before", policy.days_before),
            on_day: match map.get(txn, "remind_on_day") {
                Some(Out::Any(Any::Bool(on))) => on,
                _ => policy.on_day,
            },
            every_days: days("remind_every", policy.every_days),
            weekends: entries.word("remind_weekends").unwrap_or(policy.weekends),
            hour: entries
                .number("remind_hour")
                .and_then(|hour| u8::try_from(hour).ok())
                .filter(|hour| *hour < 24)
                .unwrap_or(policy.hour),
            digest: entries.word("remind_digest").unwrap_or(policy.digest),
        },
        look_again_days: days("look_again", standard.look_again_days),
    }
}

fn setting_fields(settings: &SharedSettings) -> [(&'static str, Any); 14] {
    let days = settings.due_days;
    let remind = settings.reminders;
    [
        ("timezone", Any::from(cut(&settings.timezone, SHORT))),
        (
            "default_template",
            Any::from(cut(&settings.default_template, SHORT)),
        ),
        ("due_sev1", number(u32::from(days.sev1))),
        ("due_sev2", number(u32::from(days.sev2))),
        ("due_sev3", number(u32::from(days.sev3))),
        ("due_sev4", number(u32::from(days.sev4))),
        ("due_sev5", number(u32::from(days.sev5))),
        ("remind_before", number(u32::from(remind.days_before))),
        ("remind_on_day", Any::Bool(remind.on_day)),
        ("remind_every", number(u32::from(remind.every_days))),
        ("remind_weekends", word(&Some(remind.weekends))),
        ("remind_hour", number(u32::from(remind.hour))),
        ("remind_digest", word(&Some(remind.digest))),
        ("look_again", number(u32::from(settings.look_again_days))),
    ]
}
