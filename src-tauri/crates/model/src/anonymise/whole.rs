//! A whole postmortem with roles instead of names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono_tz::Tz;

use super::look::Ordinary;
use super::report::{Look, LookKind, Place, Replacement, Report};
use super::roles::{Label, Roles};
use super::{AnonymousText, Known, find, rewrite};
use crate::directory::{Person, Service};
use crate::postmortem::{
    ActionItem, Actor, Moment, Participant, PersonId, Postmortem, RowKind, Section,
};

/// What may stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Owners of action items and the review owner stay as owners, by name. In texts they are roles all the same.
    pub keep_owners: bool,
    /// The report counts in UTF-16 units, as web pages do, and not in bytes.
    pub utf16: bool,
}

/// A postmortem in which nobody can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Anonymised {
    /// The postmortem. Whoever it refers to is in `people`.
    pub postmortem: Postmortem,
    /// Roles in the place of people, and the owners that stay; each with an id and a name, and nothing else.
    pub people: Vec<Person>,
    /// What was replaced, and what to look at.
    pub report: Report,
}

/// A postmortem with roles instead of the names of its participants and of the directory's people.
pub fn anonymise(
    postmortem: &Postmortem,
    people: &[Person],
    services: &[Service],
    options: &Options,
) -> Anonymised {
    anonymise_known(postmortem, &Known::new(people, services), options)
}

/// The same with a directory that was taken in before, for many postmortems of one workspace.
pub fn anonymise_known(postmortem: &Postmortem, known: &Known, options: &Options) -> Anonymised {
    let roles = Roles::new(known, &postmortem.participants);
    let labels = roles.every();
    let mut walk = Walk {
        roles: &roles,
        ordinary: ordinary(postmortem),
        report: Report::default(),
        people: BTreeMap::new(),
        made: labels
            .iter()
            .map(|label| (role_id(&postmortem.id, &label.noun), label.clone()))
            .collect(),
        titles: labels.iter().map(Label::title).collect(),
        doc: postmortem.id.clone(),
        options: *options,
        participants: &postmortem.participants,
    };
    let mut whole = postmortem.clone();
    walk.head(&mut whole);
    walk.sections(&mut whole.sections);
    walk.rows(&mut whole);
    walk.warn(&whole);
    let mut report = walk.report;
    report.count();
    Anonymised {
        postmortem: whole,
        people: walk.people.into_values().collect(),
        report,
    }
}

/// Every text of a postmortem, for the words that it writes small.
fn ordinary(postmortem: &Postmortem) -> Ordinary {
    let mut ordinary = Ordinary::default();
    for section in &postmortem.sections {
        ordinary.read(&section.text);
        ordinary.add(&section.title);
    }
    for event in &postmortem.timeline {
        ordinary.read(&event.text);
    }
    for finding in &postmortem.findings {
        ordinary.read(&finding.text);
        ordinary.add(&finding.theme);
    }
    for action in &postmortem.actions {
        ordinary.read(&action.text);
        ordinary.read(&action.done_when);
    }
    for item in &postmortem.parking {
        ordinary.read(&item.text);
    }
    for tag in &postmortem.tags {
        ordinary.add(tag);
    }
    ordinary
}

struct Walk<'a> {
    roles: &'a Roles<'a>,
    ordinary: Ordinary,
    report: Report,
    /// Who is referred to, by id.
    people: BTreeMap<PersonId, Person>,
    /// Ids that stand for roles already.
    made: HashMap<PersonId, Label>,
    /// Every role, as it stands in a list.
    titles: HashSet<String>,
    doc: String,
    options: Options,
    participants: &'a [Participant],
}

impl Walk<'_> {
    fn head(&mut self, whole: &mut Postmortem) {
        let zone: Tz = whole.timezone.parse().unwrap_or(Tz::UTC);
        self.text(own("title", "Title"), &mut whole.title, false);
        let mut tags: BTreeSet<String> = BTreeSet::new();
        for tag in std::mem::take(&mut whole.tags) {
            tags.insert(self.slug(own("tags", "Tags"), tag));
        }
        whole.tags = tags.into_iter().collect();
        for (key, anchor) in &mut whole.anchors {
            if !anchor.source.starts_with("event:") {
                let label = format!("{key:?}");
                self.text(own("anchors", &label), &mut anchor.source, false);
            }
        }
        let place = own("review_owner", "Review owner");
        whole.review_owner =
            self.person(&place, whole.review_owner.take(), self.options.keep_owners);
        for (at, event) in whole.timeline.iter_mut().enumerate() {
            let label = event_label(at, event.at.as_ref(), zone);
            let place = |field: &str| row(RowKind::Timeline, &event.id, field, &label);
            let about = matches!(event.actor, Some(Actor::Participant(_)));
            self.text(place("text"), &mut event.text, about);
            self.text(place("source"), &mut event.source, about);
            if let Some(image) = &mut event.image {
                self.text(place("image"), &mut image.alt, false);
            }
            self.actor(place("actor"), event.actor.as_mut());
        }
    }

    fn sections(&mut self, sections: &mut [Section]) {
        let mut ids: HashSet<String> = sections.iter().map(|section| section.id.clone()).collect();
        for section in sections {
            let label = match section.title.is_empty() {
                true => "Untitled section".to_owned(),
                false => section.title.clone(),
            };
            let place = |field: &str| Place {
                rows: None,
                id: section.id.clone(),
                field: field.into(),
                label: label.clone(),
            };
            self.text(place("title"), &mut section.title, false);
            self.text(place("text"), &mut section.text, false);
            let id = self.slug(place("id"), section.id.clone());
            if id != section.id {
                let mut free = id.clone();
                let mut count = 1;
                while !ids.insert(free.clone()) {
                    count += 1;
                    free = format!("{id}-{count}");
                }
                section.id = free;
            }
        }
    }

    fn rows(&mut self, whole: &mut Postmortem) {
        for (at, finding) in whole.findings.iter_mut().enumerate() {
            let label = numbered("F", "Finding", finding.number, at);
            let place = |field: &str| row(RowKind::Findings, &finding.id, field, &label);
            self.text(place("text"), &mut finding.text, false);
            self.text(place("theme"), &mut finding.theme, false);
            self.text(
                place("no_action_reason"),
                &mut finding.no_action_reason,
                false,
            );
        }
        for (at, action) in whole.actions.iter_mut().enumerate() {
            self.action(at, action);
        }
        for (at, fact) in whole.impact.iter_mut().enumerate() {
            let label = format!("Impact {}", at + 1);
            let place = |field: &str| row(RowKind::Impact, &fact.id, field, &label);
            self.text(place("text"), &mut fact.text, false);
            self.text(place("value"), &mut fact.value, false);
            self.text(place("unit"), &mut fact.unit, false);
        }
        for (at, item) in whole.parking.iter_mut().enumerate() {
            let label = format!("Parking lot {}", at + 1);
            let place = |field: &str| row(RowKind::Parking, &item.id, field, &label);
            let about = matches!(item.raised_by, Some(Actor::Participant(_)));
            self.text(place("text"), &mut item.text, about);
            self.actor(place("raised_by"), item.raised_by.as_mut());
        }
        for (at, participant) in whole.participants.iter_mut().enumerate() {
            self.participant(at, participant);
        }
    }

    fn action(&mut self, at: usize, action: &mut ActionItem) {
        let label = numbered("A", "Action item", action.number, at);
        let id = action.id.clone();
        let place = |field: &str| row(RowKind::Actions, &id, field, &label);
        // What an owner did is told of without a name: “she checked the panel”.
        let about = action.owner.is_some();
        self.text(place("text"), &mut action.text, about);
        self.text(place("done_when"), &mut action.done_when, about);
        self.text(place("evidence"), &mut action.evidence, about);
        self.text(place("reason"), &mut action.reason, about);
        self.text(place("verified_note"), &mut action.verified_note, about);
        if let Some(image) = &mut action.evidence_image {
            self.text(place("evidence_image"), &mut image.alt, false);
        }
        for entry in &mut action.moves {
            self.text(place("moves"), &mut entry.reason, about);
            entry.by = self.person(&place("moves"), entry.by.take(), false);
        }
        for entry in &mut action.reopened {
            self.text(place("reopened"), &mut entry.seen, about);
            entry.by = self.person(&place("reopened"), entry.by.take(), false);
        }
        self.ticket(place("ticket"), &mut action.ticket);
        action.owner = self.person(
            &place("owner"),
            action.owner.take(),
            self.options.keep_owners,
        );
        let mut helpers = BTreeSet::new();
        for helper in std::mem::take(&mut action.helpers) {
            helpers.extend(self.person(&place("helpers"), Some(helper), false));
        }
        action.helpers = helpers.into_iter().collect();
        if let Some(verified) = &mut action.verified {
            let by = std::mem::take(&mut verified.by);
            verified.by = self
                .person(&place("verified"), Some(by), false)
                .unwrap_or_default();
        }
    }

    fn participant(&mut self, at: usize, participant: &mut Participant) {
        let label = self.roles.row(at);
        let name = label.title();
        let place = row(
            RowKind::Participants,
            &participant.id,
            "name",
            &format!("Participant {}", at + 1),
        );
        if participant.name != name {
            let end = Units::new(&participant.name, self.options.utf16).at(participant.name.len());
            self.report.replacements.push(Replacement {
                place,
                what: std::mem::replace(&mut participant.name, name),
                by: label.title(),
                start: 0,
                end,
                unsure: None,
            });
        }
        // The title goes along only where it is the role.
        let noun = label.noun.to_lowercase();
        let title = participant.title.trim().to_lowercase();
        if title.is_empty() || !noun.starts_with(&title) {
            participant.title.clear();
        }
        if participant.person.is_some() {
            participant.person = Some(self.role_person(&label));
        }
    }

    /// The role that stands for a person, or the person where they stay.
    fn person(&mut self, place: &Place, person: Option<PersonId>, keep: bool) -> Option<PersonId> {
        let id = person?;
        if let Some(label) = self.made.get(&id).cloned() {
            return Some(self.role_person(&label));
        }
        let who = self.roles.by_id(&id);
        let name = who.map(|who| self.name(who, &id)).unwrap_or_default();
        if keep {
            if !name.is_empty() {
                self.people.insert(id.clone(), named(&id, &name));
            }
            return Some(id);
        }
        let label = who.map_or_else(Label::colleague, |who| self.roles.label(who));
        let id = self.role_person(&label);
        if !name.is_empty() {
            self.report.replacements.push(Replacement {
                place: place.clone(),
                start: 0,
                end: Units::new(&name, self.options.utf16).at(name.len()),
                what: name,
                by: label.title(),
                unsure: None,
            });
        }
        Some(id)
    }

    fn name(&self, who: usize, id: &str) -> String {
        if let Some(name) = self.roles.known.names.get(who) {
            return name.clone();
        }
        self.participants
            .iter()
            .find(|participant| participant.person.as_deref() == Some(id))
            .map(|participant| participant.name.trim().to_owned())
            .unwrap_or_default()
    }

    /// The id that a role has in this postmortem, which says nothing of who has the role.
    fn role_person(&mut self, label: &Label) -> PersonId {
        let id = role_id(&self.doc, &label.noun);
        self.people
            .entry(id.clone())
            .or_insert_with(|| named(&id, &label.title()));
        id
    }

    fn actor(&mut self, place: Place, actor: Option<&mut Actor>) {
        if let Some(Actor::Role(words)) = actor {
            self.text(place, words, false);
            // Somebody by name alone is a role alone, as the participants are.
            let single = words.strip_prefix("The ").map(super::roles::capital);
            if let Some(role) = single.filter(|role| self.titles.contains(role)) {
                *words = role;
            }
        }
    }

    /// A ticket's key or address stays; words are a text.
    fn ticket(&mut self, place: Place, ticket: &mut String) {
        if ticket.contains(' ') {
            return self.text(place, ticket, false);
        }
        let reading = find::read(ticket, self.roles);
        let looks: Vec<(usize, usize)> = reading
            .found
            .iter()
            .map(|name| (name.start, name.end))
            .chain(reading.seen.iter().map(|seen| (seen.start, seen.end)))
            .collect();
        for (start, end) in looks {
            let what = ticket.get(start..end).unwrap_or_default().to_owned();
            self.look(place.clone(), LookKind::Ticket, what, start, end);
        }
    }

    /// A word for machines, such as a tag.
    fn slug(&mut self, place: Place, slug: String) -> String {
        let mut text = slug.clone();
        self.text(place, &mut text, false);
        if text == slug {
            return slug;
        }
        let text = ["the ", "a ", "an ", "The ", "A ", "An "]
            .iter()
            .find_map(|article| text.strip_prefix(article))
            .unwrap_or(&text);
        let plain = text.replace(['\'', '’'], "");
        plain
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("-")
            .to_lowercase()
    }

    fn text(&mut self, place: Place, text: &mut String, about: bool) {
        if text.is_empty() {
            return;
        }
        let AnonymousText {
            text: by,
            changes,
            looks,
            mended,
        } = rewrite(text, self.roles, &self.ordinary, about);
        let mut units = Units::new(text, self.options.utf16);
        for change in changes {
            self.report.replacements.push(Replacement {
                place: place.clone(),
                what: change.what,
                by: change.by,
                start: units.at(change.start),
                end: units.at(change.end),
                unsure: change.unsure,
            });
        }
        let mut units = Units::new(text, self.options.utf16);
        for look in looks {
            let (start, end) = (units.at(look.start), units.at(look.end));
            self.look(place.clone(), look.kind, look.what, start, end);
        }
        self.report.mended += mended;
        *text = by;
    }

    fn look(&mut self, place: Place, kind: LookKind, what: String, start: usize, end: usize) {
        self.report.looks.push(Look {
            kind,
            place,
            what,
            start,
            end,
            why: kind.why().to_owned(),
        });
    }

    fn warn(&mut self, whole: &Postmortem) {
        let single: Vec<&str> = self.roles.single().iter().map(String::as_str).collect();
        if !single.is_empty() {
            self.report.warnings.push(format!(
                "Held by one person each: {}. Whoever knows the team can tell who that is.",
                single.join(", ")
            ));
        }
        let left = self
            .report
            .looks
            .iter()
            .filter(|look| {
                matches!(
                    look.kind,
                    LookKind::Code | LookKind::Address | LookKind::Ticket
                )
            })
            .count();
        if left > 0 {
            let names = if left == 1 { "name is" } else { "names are" };
            self.report.warnings.push(format!(
                "{left} {names} left in code, addresses and tickets, where nothing is replaced."
            ));
        }
        match whole.images().count() {
            0 => {}
            1 => self
                .report
                .warnings
                .push("A picture goes along as it is: look whether it shows names.".into()),
            many => self.report.warnings.push(format!(
                "{many} pictures go along as they are: look whether they show names."
            )),
        }
        if self.options.keep_owners {
            self.report
                .warnings
                .push("Owners are named, as you chose.".into());
        }
    }
}

/// Counts places of a text in the units that were asked for. Places come in order, mostly.
struct Units<'a> {
    text: &'a str,
    utf16: bool,
    bytes: usize,
    units: usize,
}

impl<'a> Units<'a> {
    fn new(text: &'a str, utf16: bool) -> Self {
        Self {
            text,
            utf16,
            bytes: 0,
            units: 0,
        }
    }

    fn at(&mut self, place: usize) -> usize {
        if !self.utf16 {
            return place;
        }
        if place < self.bytes {
            (self.bytes, self.units) = (0, 0);
        }
        let on = self.text.get(self.bytes..place).unwrap_or_default();
        self.units += on.encode_utf16().count();
        self.bytes = place;
        self.units
    }
}

fn own(field: &str, label: &str) -> Place {
    Place {
        rows: None,
        id: String::new(),
        field: field.into(),
        label: label.into(),
    }
}

fn row(rows: RowKind, id: &str, field: &str, label: &str) -> Place {
    Place {
        rows: Some(rows),
        id: id.into(),
        field: field.into(),
        label: label.into(),
    }
}

fn numbered(letter: &str, word: &str, number: Option<u32>, at: usize) -> String {
    match number {
        Some(number) => format!("{letter}{number}"),
        None => format!("{word} {}", at + 1),
    }
}

fn event_label(at: usize, moment: Option<&Moment>, zone: Tz) -> String {
    match moment {
        Some(moment) => moment.at.with_timezone(&zone).format("%H:%M").to_string(),
        None => format!("Event {}", at + 1),
    }
}

fn named(id: &str, name: &str) -> Person {
    Person {
        id: id.into(),
        name: name.into(),
        ..Person::default()
    }
}

/// An id for a role of a postmortem: made from both alone, so that the same export gives the same ids. A UUID of version 8.
fn role_id(doc: &str, noun: &str) -> PersonId {
    // FNV-1a, 128 bits. Source: Fowler, Noll, Vo.
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in doc.bytes().chain([0]).chain(noun.bytes()) {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    uuid::Builder::from_custom_bytes(hash.to_be_bytes())
        .into_uuid()
        .to_string()
}
