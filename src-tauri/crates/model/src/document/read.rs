//! From the document to the plain snapshot.

use std::collections::{BTreeMap, HashMap, HashSet};

use yrs::{Any, Doc, GetString, Map, MapRef, Out, ReadTxn, Transact};

use super::order::{Placed, arrange};
use super::rows::{DELETED, ORDER, Row};
use super::values::{Entries, anchor};
use super::{ANCHORS, LINKS, META, SECTION_MARK, SECTION_TEXT, SERVICE_MARK, TAG_MARK, TITLE};
use crate::postmortem::{
    ActionItem, AnchorKey, Finding, ImpactFact, ParkingItem, Participant, Postmortem, Section,
    TimelineEvent,
};
use crate::watch::Dirty;

/// The plain snapshot of a document. Its `id` is empty: the document does not hold it.
pub fn read(doc: &Doc) -> Postmortem {
    read_as(doc, "")
}

/// The plain snapshot of a document, with its id.
pub fn read_as(doc: &Doc, id: &str) -> Postmortem {
    let txn = doc.transact();
    let mut postmortem = Postmortem {
        id: id.to_owned(),
        ..Postmortem::default()
    };
    read_head(&mut postmortem, &txn);
    postmortem.sections = read_sections(&txn);
    postmortem.anchors = read_anchors(&txn);
    postmortem.timeline = read_list(&txn);
    postmortem.findings = read_list(&txn);
    postmortem.actions = read_list(&txn);
    postmortem.impact = read_list(&txn);
    postmortem.parking = read_list(&txn);
    postmortem.participants = read_list(&txn);
    fill_links(&mut postmortem, &read_links(&txn));
    postmortem
}

/// Brings a snapshot up to date by reading again what is dirty: afterwards it equals what [`read_as`] gives.
pub fn refresh(snapshot: &mut Postmortem, doc: &Doc, dirty: &Dirty) {
    let txn = doc.transact();
    if dirty.head {
        read_head(snapshot, &txn);
        snapshot.sections = read_sections(&txn);
    } else {
        for section in snapshot
            .sections
            .iter_mut()
            .filter(|section| dirty.sections.contains(&section.id))
        {
            section.text = section_text(&txn, &section.id);
        }
    }
    if dirty.anchors {
        snapshot.anchors = read_anchors(&txn);
    }
    refresh_list::<TimelineEvent, _>(snapshot, &txn, dirty);
    refresh_list::<Finding, _>(snapshot, &txn, dirty);
    refresh_list::<ActionItem, _>(snapshot, &txn, dirty);
    refresh_list::<ImpactFact, _>(snapshot, &txn, dirty);
    refresh_list::<ParkingItem, _>(snapshot, &txn, dirty);
    refresh_list::<Participant, _>(snapshot, &txn, dirty);
    let linked = [TimelineEvent::KIND, Finding::KIND, ActionItem::KIND];
    if dirty.links || linked.iter().any(|kind| dirty.reordered.contains(kind)) {
        fill_links(snapshot, &read_links(&txn));
    }
}

/// The ids of all rows of a kind, hidden ones included.
pub fn all_row_ids(doc: &Doc, kind: crate::postmortem::RowKind) -> Vec<String> {
    let txn = doc.transact();
    let Some(root) = txn.get_map(kind.name()) else {
        return Vec::new();
    };
    root.keys(&txn).map(str::to_owned).collect()
}

/// The Yjs client that made each visible row of a kind, and with which of its edits.
pub fn row_clients(doc: &Doc, kind: crate::postmortem::RowKind) -> Vec<(String, u64, u32)> {
    let txn = doc.transact();
    let Some(root) = txn.get_map(kind.name()) else {
        return Vec::new();
    };
    visible_rows(&root, &txn)
        .filter_map(|(id, map)| {
            let branch: &yrs::branch::Branch = map.as_ref();
            match branch.id() {
                yrs::branch::BranchID::Nested(made) => {
                    Some((id.to_owned(), made.client.get(), made.clock))
                }
                yrs::branch::BranchID::Root(_) => None,
            }
        })
        .collect()
}

fn refresh_list<R: Row, T: ReadTxn>(snapshot: &mut Postmortem, txn: &T, dirty: &Dirty) {
    let mut changed = dirty
        .rows
        .iter()
        .filter(|(kind, _)| *kind == R::KIND)
        .map(|(_, id)| id)
        .peekable();
    if changed.peek().is_none() && !dirty.reordered.contains(&R::KIND) {
        return;
    }
    let Some(root) = txn.get_map(R::KIND.name()) else {
        return;
    };
    if !dirty.reordered.contains(&R::KIND) {
        let changed: HashSet<&str> = changed.map(String::as_str).collect();
        for old in R::list_mut(snapshot) {
            if changed.contains(old.id().as_str())
                && let Some(Out::YMap(map)) = root.get(txn, old.id())
            {
                let mut fresh = R::read(old.id(), &Entries { map: &map, txn });
                fresh.keep_links(old);
                *old = fresh;
            }
        }
        return;
    }
    let changed: HashSet<&str> = changed.map(String::as_str).collect();
    let mut known: HashMap<String, R> = std::mem::take(R::list_mut(snapshot))
        .into_iter()
        .map(|row| (row.id().clone(), row))
        .collect();
    let mut rows = Vec::new();
    for (id, map) in visible_rows(&root, txn) {
        let entries = Entries { map: &map, txn };
        let key = entries.string(ORDER);
        let row = match known.remove(id).filter(|_| !changed.contains(id)) {
            Some(row) => row,
            None => R::read(id, &entries),
        };
        rows.push((
            Placed {
                id: id.to_owned(),
                key,
                at: row.instant(),
            },
            row,
        ));
    }
    *R::list_mut(snapshot) = arrange(rows).into_iter().map(|(_, row)| row).collect();
}

fn visible_rows<'a, T: ReadTxn>(
    root: &'a MapRef,
    txn: &'a T,
) -> impl Iterator<Item = (&'a str, MapRef)> {
    root.iter(txn).filter_map(move |(id, value)| match value {
        Out::YMap(map) if !(Entries { map: &map, txn }).flag(DELETED) => Some((id, map)),
        _ => None,
    })
}

/// The visible rows of a kind with what decides on their places, in order; without their links.
pub(crate) fn read_placed<R: Row, T: ReadTxn>(txn: &T) -> Vec<(Placed, R)> {
    let Some(root) = txn.get_map(R::KIND.name()) else {
        return Vec::new();
    };
    let rows = visible_rows(&root, txn).map(|(id, map)| {
        let entries = Entries { map: &map, txn };
        let row = R::read(id, &entries);
        (
            Placed {
                id: id.to_owned(),
                key: entries.string(ORDER),
                at: row.instant(),
            },
            row,
        )
    });
    arrange(rows.collect())
}

fn read_list<R: Row, T: ReadTxn>(txn: &T) -> Vec<R> {
    read_placed(txn).into_iter().map(|(_, row)| row).collect()
}

fn read_head<T: ReadTxn>(postmortem: &mut Postmortem, txn: &T) {
    postmortem.title = txn
        .get_text(TITLE)
        .map(|text| text.get_string(txn))
        .unwrap_or_default();
    postmortem.schema = 1;
    let Some(meta) = txn.get_map(META) else {
        return;
    };
    let entries = Entries { map: &meta, txn };
    postmortem.schema = entries.number("schema").unwrap_or(1);
    postmortem.severity = entries.word("severity");
    postmortem.status = entries.word("status").unwrap_or_default();
    postmortem.timezone = entries.string("timezone");
    postmortem.template = entries.string("template");
    postmortem.review_owner = entries.some_string("review_owner");
    postmortem.services = marked(&meta, txn, SERVICE_MARK);
    postmortem.tags = marked(&meta, txn, TAG_MARK);
}

/// The words that a map marks with `<mark><word>` → true, in alphabetical order.
fn marked<T: ReadTxn>(map: &MapRef, txn: &T, mark: &str) -> Vec<String> {
    let mut words: Vec<String> = map
        .iter(txn)
        .filter(|(_, value)| matches!(value, Out::Any(Any::Bool(true))))
        .filter_map(|(key, _)| Some(key.strip_prefix(mark)?.to_owned()))
        .collect();
    words.sort();
    words
}

/// Sections that the document shows: id, order key and heading, in their order.
pub(crate) fn read_headings<T: ReadTxn>(txn: &T) -> Vec<(Placed, String)> {
    let Some(meta) = txn.get_map(META) else {
        return Vec::new();
    };
    let headings = meta.iter(txn).filter_map(|(key, value)| {
        let id = key.strip_prefix(SECTION_MARK)?;
        let Out::Any(Any::String(text)) = value else {
            return None;
        };
        if text.is_empty() {
            return None;
        }
        let (order, heading) = text.split_once(' ').unwrap_or(("", &text));
        let heading = heading.to_owned();
        Some((
            Placed {
                id: id.to_owned(),
                key: order.to_owned(),
                at: None,
            },
            heading,
        ))
    });
    arrange(headings.collect())
}

fn read_sections<T: ReadTxn>(txn: &T) -> Vec<Section> {
    read_headings(txn)
        .into_iter()
        .map(|(placed, title)| Section {
            text: section_text(txn, &placed.id),
            id: placed.id,
            title,
        })
        .collect()
}

fn section_text<T: ReadTxn>(txn: &T, id: &str) -> String {
    txn.get_text(format!("{SECTION_TEXT}{id}"))
        .map(|text| text.get_string(txn))
        .unwrap_or_default()
}

fn read_anchors<T: ReadTxn>(txn: &T) -> BTreeMap<AnchorKey, crate::postmortem::Anchor> {
    let Some(map) = txn.get_map(ANCHORS) else {
        return BTreeMap::new();
    };
    let entries = Entries { map: &map, txn };
    AnchorKey::ALL
        .iter()
        .filter_map(|key| Some((*key, anchor(&entries.string(key.name()))?)))
        .collect()
}

impl AnchorKey {
    /// All anchors in the order of time that belongs to them.
    pub const ALL: [AnchorKey; 8] = [
        AnchorKey::T0,
        AnchorKey::T1,
        AnchorKey::T2,
        AnchorKey::T3,
        AnchorKey::T4,
        AnchorKey::T5,
        AnchorKey::T6,
        AnchorKey::T7,
    ];

    /// `t0` to `t7`.
    pub fn name(self) -> &'static str {
        match self {
            AnchorKey::T0 => "t0",
            AnchorKey::T1 => "t1",
            AnchorKey::T2 => "t2",
            AnchorKey::T3 => "t3",
            AnchorKey::T4 => "t4",
            AnchorKey::T5 => "t5",
            AnchorKey::T6 => "t6",
            AnchorKey::T7 => "t7",
        }
    }
}

/// Pairs that are linked, as they stand in the document, hidden ends included.
pub(crate) fn read_links<T: ReadTxn>(txn: &T) -> Vec<(String, String)> {
    let Some(links) = txn.get_map(LINKS) else {
        return Vec::new();
    };
    links
        .iter(txn)
        .filter(|(_, value)| matches!(value, Out::Any(Any::Bool(true))))
        .filter_map(|(key, _)| {
            key.split_once('|')
                .map(|(from, to)| (from.to_owned(), to.to_owned()))
        })
        .collect()
}

/// What a link says, by what its ends are.
pub(crate) enum Link<'a> {
    EventShows { finding: usize, event: usize },
    ActionAnswers { finding: usize, action: usize },
    Helps { action: usize, person: &'a str },
}

/// Where each visible row stands.
pub(crate) struct Places {
    events: HashMap<String, usize>,
    findings: HashMap<String, usize>,
    actions: HashMap<String, usize>,
}

impl Places {
    pub fn of(postmortem: &Postmortem) -> Self {
        fn places<R: Row>(rows: &[R]) -> HashMap<String, usize> {
            rows.iter()
                .enumerate()
                .map(|(at, row)| (row.id().clone(), at))
                .collect()
        }
        Places {
            events: places(&postmortem.timeline),
            findings: places(&postmortem.findings),
            actions: places(&postmortem.actions),
        }
    }

    /// What a pair of ids means; `None` when an end is not visible.
    pub fn link<'a>(&self, from: &str, to: &'a str) -> Option<Link<'a>> {
        if let (Some(event), Some(finding)) = (self.events.get(from), self.findings.get(to)) {
            return Some(Link::EventShows {
                finding: *finding,
                event: *event,
            });
        }
        if let (Some(finding), Some(action)) = (self.findings.get(from), self.actions.get(to)) {
            return Some(Link::ActionAnswers {
                finding: *finding,
                action: *action,
            });
        }
        self.actions.get(from).map(|action| Link::Helps {
            action: *action,
            person: to,
        })
    }
}

/// Fills the links of findings and action items from the pairs of the document.
fn fill_links(postmortem: &mut Postmortem, pairs: &[(String, String)]) {
    let places = Places::of(postmortem);
    let mut events: Vec<Vec<usize>> = vec![Vec::new(); postmortem.findings.len()];
    let mut actions: Vec<Vec<usize>> = vec![Vec::new(); postmortem.findings.len()];
    for action in &mut postmortem.actions {
        action.helpers.clear();
    }
    for (from, to) in pairs {
        match places.link(from, to) {
            Some(Link::EventShows { finding, event }) => events[finding].push(event),
            Some(Link::ActionAnswers { finding, action }) => actions[finding].push(action),
            Some(Link::Helps { action, person }) => {
                postmortem.actions[action].helpers.push(person.to_owned())
            }
            None => {}
        }
    }
    for action in &mut postmortem.actions {
        action.helpers.sort();
    }
    for (at, (mut events, mut actions)) in events.into_iter().zip(actions).enumerate() {
        events.sort_unstable();
        actions.sort_unstable();
        let finding = &mut postmortem.findings[at];
        finding.events = events
            .into_iter()
            .map(|event| postmortem.timeline[event].id.clone())
            .collect();
        finding.actions = actions
            .into_iter()
            .map(|action| postmortem.actions[action].id.clone())
            .collect();
    }
}
