//! From the plain snapshot to the document: the difference, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use yrs::{
    Any, Doc, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim, TextRef, Transact,
    TransactionMut, WriteTxn,
};

use super::order::{Placed, place};
use super::read::{Places, read_as, read_headings, read_links, read_placed};
use super::rows::{DELETED, NUMBER, ORDER, Row};
use super::values::{Entries, HIGHEST, anchor_text, number, string, word};
use super::{
    ANCHORS, LINKS, META, ORIGIN, SECTION_MARK, SECTION_TEXT, SERVICE_MARK, TAG_MARK, TITLE,
};
use crate::guard::{Visitor, walk};
use crate::postmortem::{
    ActionItem, Actor, AnchorKey, Finding, ImpactFact, ParkingItem, Participant, Postmortem,
    RowKind, TimelineEvent,
};
use crate::text_diff::replacements;

/// Edits the document so that it reads as `to`, in one transaction, and returns the update; empty when nothing differs.
///
/// Only the difference is written: texts are edited where they differ, fields are set when they differ, rows that are
/// missing in `to` are hidden, rows that come back are shown again, moved rows get a new order key. A number that a
/// finding or an action item has is never taken away, and `id` is not written. Rows without an id, or with one that
/// cannot stand in a link, get a fresh one. Nothing is cut: whoever takes content in whole asks [`crate::bounds`] first.
pub fn write(doc: &Doc, to: &Postmortem) -> Vec<u8> {
    let base = read_as(doc, "");
    let to = tidied(doc, to);
    let mut random = random_numbers();
    let mut txn = doc.transact_mut_with(ORIGIN);
    write_head(&mut txn, &base, &to);
    write_sections(&mut txn, &to, &mut random);
    write_anchors(&mut txn, &base, &to);
    write_list::<TimelineEvent>(&mut txn, &to, &mut random);
    write_list::<Finding>(&mut txn, &to, &mut random);
    write_list::<ActionItem>(&mut txn, &to, &mut random);
    write_list::<ImpactFact>(&mut txn, &to, &mut random);
    write_list::<ParkingItem>(&mut txn, &to, &mut random);
    write_list::<Participant>(&mut txn, &to, &mut random);
    write_links(&mut txn, &to);
    if txn.has_changes() {
        txn.encode_update_v1()
    } else {
        Vec::new()
    }
}

/// Gives numbers to the findings and action items that have none, counting on from the highest number ever given here,
/// and new ones to rows whose number another row has too. Returns the update, or nothing when all have theirs.
pub fn number_rows(doc: &Doc) -> Option<Vec<u8>> {
    let mut txn = doc.transact_mut_with(ORIGIN);
    number_list::<Finding>(&mut txn);
    number_list::<ActionItem>(&mut txn);
    txn.has_changes().then(|| txn.encode_update_v1())
}

fn number_list<R: Row>(txn: &mut TransactionMut) {
    let Some(root) = txn.get_map(R::KIND.name()) else {
        return;
    };
    let mut highest = 0;
    let mut owners: HashMap<u32, String> = HashMap::new();
    for (id, value) in root.iter(txn) {
        let Out::YMap(map) = value else { continue };
        let Some(given) = (Entries { map: &map, txn }).row_number(NUMBER) else {
            continue;
        };
        highest = highest.max(given);
        // Ids rise with time: the row that was made first keeps a number that two processes gave at once.
        let owner = owners.entry(given).or_insert_with(|| id.to_owned());
        if id < owner.as_str() {
            id.clone_into(owner);
        }
    }
    let mut lowest = 1;
    let in_order: Vec<String> = read_placed::<R, _>(txn)
        .into_iter()
        .map(|(placed, _)| placed.id)
        .collect();
    for id in in_order {
        let Some(Out::YMap(map)) = root.get(txn, &id) else {
            continue;
        };
        let given = (Entries { map: &map, txn }).row_number(NUMBER);
        let owned = given
            .and_then(|given| owners.get(&given))
            .is_some_and(|owner| *owner == id);
        if owned {
            continue;
        }
        // A wrong number at the very end leaves the free ones below it.
        let next = if highest < HIGHEST {
            Some(highest + 1)
        } else {
            lowest = (lowest..HIGHEST)
                .find(|free| !owners.contains_key(free))
                .unwrap_or(HIGHEST);
            Some(lowest).filter(|free| *free < HIGHEST)
        };
        if let Some(next) = next {
            highest = highest.max(next);
            owners.insert(next, id);
            map.insert(txn, NUMBER, number(next));
        }
    }
}

/// 32 random bits at a time.
fn random_numbers() -> impl FnMut() -> u32 {
    let mut pool: Vec<u32> = Vec::new();
    move || {
        if pool.is_empty() {
            let bytes = uuid::Uuid::new_v4().into_bytes();
            // The third word of a version 4 UUID has fixed bits; the others do not.
            pool.extend([0, 4, 12].map(|at| {
                u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
            }));
        }
        pool.pop().unwrap_or_default()
    }
}

fn write_head(txn: &mut TransactionMut, base: &Postmortem, to: &Postmortem) {
    let title = txn.get_or_insert_text(TITLE);
    edit_text(&title, txn, &base.title, &to.title);
    let meta = txn.get_or_insert_map(META);
    if meta.get(txn, "schema").is_none() || base.schema != to.schema {
        meta.insert(txn, "schema", number(to.schema));
    }
    let fields = |postmortem: &Postmortem| {
        [
            ("severity", word(&postmortem.severity)),
            ("status", word(&Some(postmortem.status))),
            ("timezone", string(&postmortem.timezone)),
            ("template", string(&postmortem.template)),
            (
                "review_owner",
                string(postmortem.review_owner.as_deref().unwrap_or_default()),
            ),
        ]
    };
    for ((key, old), (_, new)) in fields(base).into_iter().zip(fields(to)) {
        if old != new {
            meta.insert(txn, key, new);
        }
    }
    write_marks(txn, &meta, SERVICE_MARK, &base.services, &to.services);
    write_marks(txn, &meta, TAG_MARK, &base.tags, &to.tags);
}

fn write_marks(txn: &mut TransactionMut, map: &MapRef, mark: &str, old: &[String], new: &[String]) {
    let old: BTreeSet<&str> = old.iter().map(String::as_str).collect();
    let new: BTreeSet<&str> = new
        .iter()
        .map(String::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    for word in old.symmetric_difference(&new) {
        map.insert(txn, format!("{mark}{word}"), Any::Bool(new.contains(word)));
    }
}

fn write_sections(txn: &mut TransactionMut, to: &Postmortem, random: &mut dyn FnMut() -> u32) {
    let now = read_headings(txn);
    let meta = txn.get_or_insert_map(META);
    let wanted: Vec<Placed> = to
        .sections
        .iter()
        .map(|section| Placed {
            id: section.id.clone(),
            key: String::new(),
            at: None,
        })
        .collect();
    let standing: Vec<Placed> = now.iter().map(|(placed, _)| placed.clone()).collect();
    let keys = place(&standing, &HashMap::new(), &wanted, random);
    for section in &to.sections {
        let known = now.iter().find(|(placed, _)| placed.id == section.id);
        let key = keys
            .get(&section.id)
            .or(known.map(|(placed, _)| &placed.key));
        let title = &section.title;
        if keys.contains_key(&section.id) || known.is_none_or(|(_, heading)| heading != title) {
            let value = format!("{} {title}", key.map(String::as_str).unwrap_or_default());
            meta.insert(txn, format!("{SECTION_MARK}{}", section.id), value);
        }
        let text = txn.get_or_insert_text(format!("{SECTION_TEXT}{}", section.id));
        let old = text.get_string(txn);
        edit_text(&text, txn, &old, &section.text);
    }
    for (placed, _) in now {
        if !to.sections.iter().any(|section| section.id == placed.id) {
            meta.insert(txn, format!("{SECTION_MARK}{}", placed.id), "");
        }
    }
}

fn write_anchors(txn: &mut TransactionMut, base: &Postmortem, to: &Postmortem) {
    let anchors = txn.get_or_insert_map(ANCHORS);
    for key in AnchorKey::ALL {
        let text = |of: &Postmortem| of.anchors.get(&key).map(anchor_text).unwrap_or_default();
        let (old, new) = (text(base), text(to));
        if old != new {
            anchors.insert(txn, key.name(), new);
        }
    }
}

fn write_list<R: Row>(txn: &mut TransactionMut, to: &Postmortem, random: &mut dyn FnMut() -> u32) {
    let root = txn.get_or_insert_map(R::KIND.name());
    let wanted = R::list(to);
    let standing: Vec<Placed> = read_placed::<R, _>(txn)
        .into_iter()
        .map(|(placed, _)| placed)
        .collect();
    let visible: HashSet<&str> = standing.iter().map(|placed| placed.id.as_str()).collect();
    let mut hidden = HashMap::new();
    for row in wanted
        .iter()
        .filter(|row| !visible.contains(row.id().as_str()))
    {
        if let Some(Out::YMap(map)) = root.get(txn, row.id()) {
            hidden.insert(row.id().clone(), (Entries { map: &map, txn }).string(ORDER));
        }
    }
    let places: Vec<Placed> = wanted
        .iter()
        .map(|row| Placed {
            id: row.id().clone(),
            key: String::new(),
            at: row.instant(),
        })
        .collect();
    let keys = place(&standing, &hidden, &places, random);
    for row in wanted {
        write_row(
            txn,
            &root,
            row,
            keys.get(row.id()),
            hidden.contains_key(row.id()),
        );
    }
    let kept: HashSet<&str> = wanted.iter().map(|row| row.id().as_str()).collect();
    for id in visible.difference(&kept) {
        if let Some(Out::YMap(map)) = root.get(txn, id) {
            map.insert(txn, DELETED, Any::Bool(true));
        }
    }
}

fn write_row<R: Row>(
    txn: &mut TransactionMut,
    root: &MapRef,
    row: &R,
    key: Option<&String>,
    hidden: bool,
) {
    let (map, old) = match root.get(txn, row.id()) {
        Some(Out::YMap(map)) => {
            let old = R::read(row.id(), &Entries { map: &map, txn });
            (map, old)
        }
        _ => {
            let map = root.insert(txn, row.id().as_str(), MapPrelim::default());
            for (key, text) in row.texts() {
                map.insert(txn, key, TextPrelim::new(text));
            }
            // The texts are in place already; fields start from their defaults.
            let fresh = R::read(row.id(), &Entries { map: &map, txn });
            (map, fresh)
        }
    };
    if hidden {
        map.insert(txn, DELETED, Any::Bool(false));
    }
    if let Some(key) = key {
        map.try_update(txn, ORDER, key.as_str());
    }
    let before: BTreeMap<&str, Any> = old.fields().into_iter().collect();
    for (key, value) in row.fields() {
        if before.get(key) != Some(&value) {
            map.insert(txn, key, value);
        }
    }
    let mut before: BTreeMap<String, Any> = old.entries().into_iter().collect();
    for (key, value) in row.entries() {
        if before.remove(&key).as_ref() != Some(&value) {
            map.insert(txn, key, value);
        }
    }
    for gone in before.into_keys() {
        map.insert(txn, gone, string(""));
    }
    for ((key, was), (_, is)) in old.texts().into_iter().zip(row.texts()) {
        if was == is {
            continue;
        }
        match map.get(txn, key) {
            Some(Out::YText(text)) => edit_text(&text, txn, was, is),
            // Another program made the row without this text. A text made now could meet one that somebody else makes at
            // the same time, and one of the two would be lost; a plain value is read as well.
            _ => {
                map.insert(txn, key, is);
            }
        }
    }
}

fn edit_text(text: &TextRef, txn: &mut TransactionMut, old: &str, new: &str) {
    for replacement in replacements(old, new).into_iter().rev() {
        if replacement.remove > 0 {
            text.remove_range(txn, replacement.at, replacement.remove);
        }
        if !replacement.insert.is_empty() {
            text.insert(txn, replacement.at, replacement.insert);
        }
    }
}

fn write_links(txn: &mut TransactionMut, to: &Postmortem) {
    let links = txn.get_or_insert_map(LINKS);
    let mut wanted: BTreeSet<(&str, &str)> = BTreeSet::new();
    for finding in &to.findings {
        wanted.extend(
            finding
                .events
                .iter()
                .map(|event| (event.as_str(), finding.id.as_str())),
        );
        wanted.extend(
            finding
                .actions
                .iter()
                .map(|action| (finding.id.as_str(), action.as_str())),
        );
    }
    for action in &to.actions {
        wanted.extend(
            action
                .helpers
                .iter()
                .map(|person| (action.id.as_str(), person.as_str())),
        );
    }
    let places = Places::of(to);
    wanted.retain(|(from, to)| places.link(from, to).is_some());
    let now = read_links(txn);
    // A link to a hidden row stays: it is there again when the row is.
    let gone = now
        .iter()
        .filter(|(from, to)| !wanted.contains(&(from, to)) && places.link(from, to).is_some());
    for (from, to) in gone {
        links.insert(txn, format!("{from}|{to}"), Any::Bool(false));
    }
    let now: HashSet<(&str, &str)> = now
        .iter()
        .map(|(from, to)| (from.as_str(), to.as_str()))
        .collect();
    for (from, to) in wanted.iter().filter(|pair| !now.contains(*pair)) {
        links.insert(txn, format!("{from}|{to}"), Any::Bool(true));
    }
}

/// The snapshot with ids that can stand in the document.
fn tidied(doc: &Doc, to: &Postmortem) -> Postmortem {
    let mut to = to.clone();
    to.schema = to.schema.max(1);
    let mut seen = HashSet::new();
    to.sections
        .retain(|section| is_usable(&section.id) && seen.insert(section.id.clone()));
    let used = ids_used_up(doc, &to);
    let events = tidy_ids::<TimelineEvent>(&mut to, &used);
    let findings = tidy_ids::<Finding>(&mut to, &used);
    let actions = tidy_ids::<ActionItem>(&mut to, &used);
    tidy_ids::<ImpactFact>(&mut to, &used);
    tidy_ids::<ParkingItem>(&mut to, &used);
    let participants = tidy_ids::<Participant>(&mut to, &used);
    let renamed = |ids: &mut Vec<String>, names: &HashMap<String, String>| {
        for id in ids.iter_mut() {
            if let Some(name) = names.get(id) {
                id.clone_from(name);
            }
        }
    };
    for finding in &mut to.findings {
        if !events.is_empty() {
            renamed(&mut finding.events, &events);
        }
        if !actions.is_empty() {
            renamed(&mut finding.actions, &actions);
        }
    }
    drop(findings);
    let actors = to.timeline.iter_mut().map(|event| &mut event.actor);
    for actor in actors.chain(to.parking.iter_mut().map(|item| &mut item.raised_by)) {
        if let Some(Actor::Participant(id)) = actor
            && let Some(name) = participants.get(id)
        {
            id.clone_from(name);
        }
    }
    to
}

fn is_usable(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 128
        && !id.contains(|letter: char| letter == '|' || letter.is_control())
}

/// Gives fresh ids to rows whose own cannot be used, and drops repetitions; the fresh ids by the old ones.
fn tidy_ids<R: Row>(
    to: &mut Postmortem,
    used: &HashSet<(RowKind, String)>,
) -> HashMap<String, String> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut names = HashMap::new();
    for row in R::list_mut(to) {
        let id = row.id().clone();
        if !is_usable(&id) || seen.contains(&id) || used.contains(&(R::KIND, id.clone())) {
            let fresh = uuid::Uuid::now_v7().to_string();
            names.entry(id).or_insert_with(|| fresh.clone());
            row.set_id(fresh);
        }
        seen.insert(row.id().clone());
    }
    names
}

/// Ids of rows that somebody erased from the document altogether, among those that are wanted. Debrief hides rows, but
/// another program can erase one; its key can never again hold a row that everybody accepts.
fn ids_used_up(doc: &Doc, to: &Postmortem) -> HashSet<(RowKind, String)> {
    fn missing<R: Row>(txn: &impl ReadTxn, to: &Postmortem, into: &mut HashSet<(RowKind, String)>) {
        let root = txn.get_map(R::KIND.name());
        for row in R::list(to) {
            if root
                .as_ref()
                .is_none_or(|root| root.get(txn, row.id()).is_none())
            {
                into.insert((R::KIND, row.id().clone()));
            }
        }
    }
    struct Keys {
        new: HashSet<(RowKind, String)>,
        used: HashSet<(RowKind, String)>,
    }
    impl Visitor for Keys {
        fn root(&mut self, name: &str, key: Option<&str>) -> Result<(), crate::guard::BadUpdate> {
            let kind = RowKind::ALL.into_iter().find(|kind| kind.name() == name);
            if let (Some(kind), Some(key)) = (kind, key)
                && let Some(entry) = self.new.take(&(kind, key.to_owned()))
            {
                self.used.insert(entry);
            }
            Ok(())
        }
    }
    let txn = doc.transact();
    let state = txn.state_vector();
    let mut keys = Keys {
        new: HashSet::new(),
        used: HashSet::new(),
    };
    if state.is_empty() {
        return keys.used;
    }
    missing::<TimelineEvent>(&txn, to, &mut keys.new);
    missing::<Finding>(&txn, to, &mut keys.new);
    missing::<ActionItem>(&txn, to, &mut keys.new);
    missing::<ImpactFact>(&txn, to, &mut keys.new);
    missing::<ParkingItem>(&txn, to, &mut keys.new);
    missing::<Participant>(&txn, to, &mut keys.new);
    if !keys.new.is_empty() {
        let all = txn.encode_state_as_update_v1(&yrs::StateVector::default());
        // What the document itself encodes passes the walk; were it not so, no id would count as used up.
        let _ = walk(&all, &mut keys);
    }
    keys.used
}
