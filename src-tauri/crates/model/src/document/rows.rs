//! What each kind of row is in the document: its root, its fields and its texts.

use chrono::{DateTime, Utc};
use yrs::{Any, ReadTxn};

use super::values::{
    Entries, HIGHEST, actor, actor_text, day_text, image, image_text, instant, instant_text,
    moment, moment_text, number, parsed, string, verified, verified_text, word,
};
use crate::follow_through::{MOVE, REOPENED, move_text, read_move, read_reopening, reopening_text};
use crate::postmortem::{
    ActionItem, Finding, ImpactFact, ParkingItem, Participant, Postmortem, RowId, RowKind,
    TimelineEvent,
};

/// The key of a row's place among the others.
pub(crate) const ORDER: &str = "order";
/// The key that hides a row.
pub(crate) const DELETED: &str = "deleted";
/// The key of a finding's or an action item's number.
pub(crate) const NUMBER: &str = "number";
/// The key of an event's image.
pub(crate) const IMAGE: &str = "image";
/// The key of the image that shows that an action item is done.
pub(crate) const EVIDENCE_IMAGE: &str = "evidence_image";

impl RowKind {
    /// All kinds.
    pub const ALL: [RowKind; 6] = [
        RowKind::Timeline,
        RowKind::Findings,
        RowKind::Actions,
        RowKind::Impact,
        RowKind::Parking,
        RowKind::Participants,
    ];

    /// The name of the kind, in the document and everywhere else.
    pub fn name(self) -> &'static str {
        match self {
            RowKind::Timeline => "timeline",
            RowKind::Findings => "findings",
            RowKind::Actions => "actions",
            RowKind::Impact => "impact",
            RowKind::Parking => "parking",
            RowKind::Participants => "participants",
        }
    }
}

/// A kind of row.
pub(crate) trait Row: Default + Clone {
    /// Its kind, which names its root.
    const KIND: RowKind;
    /// Its list in a postmortem.
    fn list(postmortem: &Postmortem) -> &Vec<Self>;
    /// Its list in a postmortem.
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self>;
    /// Its id.
    fn id(&self) -> &RowId;
    /// Gives it an id.
    fn set_id(&mut self, id: RowId);
    /// Its fields as they are stored.
    fn fields(&self) -> Vec<(&'static str, Any)>;
    /// Its texts.
    fn texts(&self) -> Vec<(&'static str, &str)>;
    /// Entries that it collects, each under a key of its own; one that goes is written as the empty string.
    fn entries(&self) -> Vec<(String, Any)> {
        Vec::new()
    }
    /// Reads it; links are filled in afterwards.
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self;
    /// The instant that it is ordered by before anything else.
    fn instant(&self) -> Option<DateTime<Utc>> {
        None
    }
    /// Takes over what links had filled into an older reading of the same row.
    fn keep_links(&mut self, _older: &mut Self) {}
}

impl Row for TimelineEvent {
    const KIND: RowKind = RowKind::Timeline;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.timeline
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.timeline
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        vec![
            ("at", string(&moment_text(&self.at))),
            ("phase", word(&self.phase)),
            ("kind", word(&Some(self.kind))),
            ("actor", string(&actor_text(&self.actor))),
            ("source", string(&self.source)),
            (IMAGE, string(&image_text(&self.image))),
            ("star", Any::Bool(self.star)),
            ("public", Any::Bool(self.public)),
            ("visibility", word(&Some(self.visibility))),
        ]
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        vec![("text", &self.text)]
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        TimelineEvent {
            id: id.to_owned(),
            at: moment(&entries.string("at")),
            phase: entries.word("phase"),
            kind: entries.word("kind").unwrap_or_default(),
            actor: actor(&entries.string("actor")),
            text: entries.text("text"),
            source: entries.string("source"),
            image: image(&entries.string(IMAGE)),
            star: entries.flag("star"),
            public: entries.flag("public"),
            visibility: entries.word("visibility").unwrap_or_default(),
        }
    }
    fn instant(&self) -> Option<DateTime<Utc>> {
        self.at.as_ref().map(|moment| moment.at)
    }
}

impl Row for Finding {
    const KIND: RowKind = RowKind::Findings;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.findings
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.findings
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        let mut fields = vec![
            ("kind", word(&Some(self.kind))),
            ("phase", word(&self.phase)),
            ("theme", string(&self.theme)),
            ("no_action", Any::Bool(self.no_action)),
            ("visibility", word(&Some(self.visibility))),
        ];
        let given = self.number.filter(|given| *given <= HIGHEST);
        fields.extend(given.map(|given| (NUMBER, number(given))));
        fields
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("text", &self.text),
            ("no_action_reason", &self.no_action_reason),
        ]
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        Finding {
            id: id.to_owned(),
            number: entries.row_number(NUMBER),
            text: entries.text("text"),
            kind: entries.word("kind").unwrap_or_default(),
            phase: entries.word("phase"),
            theme: entries.string("theme"),
            events: Vec::new(),
            actions: Vec::new(),
            no_action: entries.flag("no_action"),
            no_action_reason: entries.text("no_action_reason"),
            visibility: entries.word("visibility").unwrap_or_default(),
        }
    }
    fn keep_links(&mut self, older: &mut Self) {
        self.events = std::mem::take(&mut older.events);
        self.actions = std::mem::take(&mut older.actions);
    }
}

impl Row for ActionItem {
    const KIND: RowKind = RowKind::Actions;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.actions
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.actions
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        let mut fields = vec![
            ("owner", string(self.owner.as_deref().unwrap_or_default())),
            ("due", string(&day_text(self.due))),
            ("priority", word(&self.priority)),
            ("type", word(&self.action_type)),
            ("status", word(&Some(self.status))),
            (
                "settled_at",
                string(&self.settled_at.map(instant_text).unwrap_or_default()),
            ),
            (EVIDENCE_IMAGE, string(&image_text(&self.evidence_image))),
            ("evidence_skipped", Any::Bool(self.evidence_skipped)),
            ("check_on", string(&day_text(self.check_on))),
            ("verified", string(&verified_text(&self.verified))),
            ("ticket", string(&self.ticket)),
            ("visibility", word(&Some(self.visibility))),
        ];
        let given = self.number.filter(|given| *given <= HIGHEST);
        fields.extend(given.map(|given| (NUMBER, number(given))));
        fields
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("text", &self.text),
            ("done_when", &self.done_when),
            ("evidence", &self.evidence),
            ("reason", &self.reason),
            ("verified_note", &self.verified_note),
        ]
    }
    fn entries(&self) -> Vec<(String, Any)> {
        let moves = self
            .moves
            .iter()
            .map(|entry| (format!("{MOVE}{}", entry.id), string(&move_text(entry))));
        let reopened = self.reopened.iter().map(|entry| {
            let key = format!("{REOPENED}{}", entry.id);
            (key, string(&reopening_text(entry)))
        });
        moves.chain(reopened).collect()
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        ActionItem {
            id: id.to_owned(),
            number: entries.row_number(NUMBER),
            text: entries.text("text"),
            done_when: entries.text("done_when"),
            owner: entries.some_string("owner"),
            helpers: Vec::new(),
            due: parsed(&entries.string("due")),
            moves: entries.collected(MOVE, read_move),
            priority: entries.word("priority"),
            action_type: entries.word("type"),
            status: entries.word("status").unwrap_or_default(),
            settled_at: instant(&entries.string("settled_at")),
            evidence: entries.text("evidence"),
            evidence_image: image(&entries.string(EVIDENCE_IMAGE)),
            evidence_skipped: entries.flag("evidence_skipped"),
            reason: entries.text("reason"),
            check_on: parsed(&entries.string("check_on")),
            verified: verified(&entries.string("verified")),
            verified_note: entries.text("verified_note"),
            reopened: entries.collected(REOPENED, read_reopening),
            ticket: entries.string("ticket"),
            visibility: entries.word("visibility").unwrap_or_default(),
        }
    }
    fn keep_links(&mut self, older: &mut Self) {
        self.helpers = std::mem::take(&mut older.helpers);
    }
}

impl Row for ImpactFact {
    const KIND: RowKind = RowKind::Impact;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.impact
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.impact
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        vec![
            ("value", string(&self.value)),
            ("unit", string(&self.unit)),
            ("at", string(&moment_text(&self.at))),
            ("estimate", Any::Bool(self.estimate)),
        ]
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        vec![("text", &self.text)]
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        ImpactFact {
            id: id.to_owned(),
            text: entries.text("text"),
            value: entries.string("value"),
            unit: entries.string("unit"),
            at: moment(&entries.string("at")),
            estimate: entries.flag("estimate"),
        }
    }
}

impl Row for ParkingItem {
    const KIND: RowKind = RowKind::Parking;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.parking
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.parking
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        vec![("raised_by", string(&actor_text(&self.raised_by)))]
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        vec![("text", &self.text)]
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        ParkingItem {
            id: id.to_owned(),
            text: entries.text("text"),
            raised_by: actor(&entries.string("raised_by")),
        }
    }
}

impl Row for Participant {
    const KIND: RowKind = RowKind::Participants;
    fn list(postmortem: &Postmortem) -> &Vec<Self> {
        &postmortem.participants
    }
    fn list_mut(postmortem: &mut Postmortem) -> &mut Vec<Self> {
        &mut postmortem.participants
    }
    fn id(&self) -> &RowId {
        &self.id
    }
    fn set_id(&mut self, id: RowId) {
        self.id = id;
    }
    fn fields(&self) -> Vec<(&'static str, Any)> {
        vec![
            ("person", string(self.person.as_deref().unwrap_or_default())),
            ("name", string(&self.name)),
            ("role", word(&Some(self.role))),
            ("title", string(&self.title)),
        ]
    }
    fn texts(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }
    fn read<T: ReadTxn>(id: &str, entries: &Entries<'_, T>) -> Self {
        Participant {
            id: id.to_owned(),
            person: entries.some_string("person"),
            name: entries.string("name"),
            role: entries.word("role").unwrap_or_default(),
            title: entries.string("title"),
        }
    }
}
