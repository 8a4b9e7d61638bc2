//! Action items in groups: by due day, priority, postmortem, service, owner or team. How many each group holds, and which
//! items stand on a page, is found in memory; the rows of the page are read from the file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use model::edit::is_settled;
use model::list::{ActionFilter, ActionGroup, ActionGrouping, ActionPage};
use model::postmortem::{ActionStatus, Priority};
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::action::{COLUMNS, FROM, NO_DUE, PAGE, SETTLED, day_key, read};
use crate::table::action_index::{ActionIndex, Entry, Review, WithWords, Words};
use crate::table::directory::service_names;
use crate::table::postmortem::day_start;
use crate::words::word;

/// The first `sort_key` that is no unsettled item's.
const OPEN_END: i64 = NO_DUE + 8;

/// A group of items.
struct Group {
    key: String,
    /// How it is called; absent for a postmortem, whose title is read with its rows.
    label: Option<String>,
    /// Places in the index, in the group's order.
    items: Vec<u32>,
}

/// The groups of a list, in their order.
struct Groups {
    all: Vec<Group>,
    open: u32,
    done: u32,
}

/// The due days of the week that is going on: the first day that is later. From Friday on it is next week's Sunday, because
/// a week that ends tomorrow says little.
pub fn week_ends(today: NaiveDate) -> NaiveDate {
    let left = (7 - today.weekday().num_days_from_sunday()) % 7;
    let days = if left < 3 { left + 7 } else { left };
    today
        .checked_add_days(Days::new(u64::from(days) + 1))
        .unwrap_or(NaiveDate::MAX)
}

impl Store {
    /// A page of action items in groups. `words` are what their texts or their postmortems' titles must contain.
    pub(crate) fn grouped_actions(
        &self,
        filter: &ActionFilter,
        grouping: ActionGrouping,
        (today, zone): (NaiveDate, Tz),
        words: &[String],
    ) -> Result<ActionPage, StoreError> {
        let reader = self.reader()?;
        let whole = self
            .narrowing
            .as_ref()
            .map_or(self, |narrowing| &*narrowing.whole);
        // Held until the page is read: it holds the rows that are counted.
        let index = whole.action_index(!words.is_empty())?;
        let tx = reader.unchecked_transaction()?;
        let ask = Ask {
            sql: &tx,
            index: &index,
            sieve: self.sieve(&tx, &index, filter, today, words)?,
            filter,
            today,
            settled_until: filter
                .settled_since
                .map_or(i64::MAX, |since| SETTLED - day_start(since, zone)),
        };
        let groups = ask.groups(grouping)?;
        let mut page = ActionPage {
            rows: Vec::new(),
            total: groups.all.iter().map(Group::total).sum(),
            open: groups.open,
            done: groups.done,
            today,
            groups: Vec::new(),
        };
        let mut skip = filter.offset as usize;
        let mut left = if filter.limit == 0 {
            PAGE
        } else {
            filter.limit
        } as usize;
        let mut row =
            tx.prepare_cached(&format!("SELECT {COLUMNS} FROM {FROM} WHERE a.key = ?1"))?;
        for group in groups.all {
            if left == 0 {
                break;
            }
            let (total, before) = (group.total(), page.rows.len());
            let shown = group.items.iter().skip(skip).take(left);
            skip = skip.saturating_sub(group.items.len());
            for place in shown {
                left -= 1;
                let key = index.entries.get(*place as usize).map(|entry| entry.key);
                // What was erased in this moment is not on the page.
                page.rows.extend(row.query_row([key], read).optional()?);
            }
            if let Some(first) = page.rows.get(before) {
                page.groups.push(ActionGroup {
                    label: group.label.unwrap_or_else(|| first.doc_title.clone()),
                    key: group.key,
                    total,
                });
            }
        }
        Ok(page)
    }

    fn sieve(
        &self,
        sql: &Connection,
        index: &ActionIndex,
        filter: &ActionFilter,
        today: NaiveDate,
        words: &[String],
    ) -> Result<Sieve, StoreError> {
        let hidden = self
            .narrowing
            .iter()
            .flat_map(|narrowing| &narrowing.hidden);
        let number = |found: Option<u32>| found.unwrap_or(UNKNOWN);
        let mut sieve = Sieve {
            hidden: hidden.filter_map(|doc| index.docs.find(doc)).collect(),
            owner: filter
                .owner
                .as_ref()
                .map(|owner| number(index.owners.find(owner))),
            unowned: filter.unowned,
            doc: filter.doc.as_ref().map(|doc| number(index.docs.find(doc))),
            statuses: filter.statuses.clone(),
            priorities: filter.priorities.clone(),
            before: if filter.overdue {
                day_key(today)
            } else {
                i64::MAX
            },
            ..Sieve::default()
        };
        if let Some(team) = &filter.team {
            let theirs = people(sql)?
                .into_iter()
                .filter(|(_, (_, of))| of == team)
                .filter_map(|(id, _)| index.owners.find(&id));
            sieve.team = Some(theirs.collect());
        }
        if !filter.services.is_empty() {
            let sets = index.services.all.iter().zip(0..);
            let of_one =
                sets.filter(|(set, _)| ids_of(set).iter().any(|id| filter.services.contains(id)));
            sieve.services = Some(of_one.map(|(_, at)| at).collect());
        }
        if !words.is_empty() {
            sieve.words = Some(index.with_words(words));
        }
        Ok(sieve)
    }
}

/// The number of what the index does not have.
const UNKNOWN: u32 = u32::MAX;

/// A filter, in the index's numbers. What is absent lets everything through.
#[derive(Default)]
struct Sieve {
    hidden: BTreeSet<u32>,
    owner: Option<u32>,
    unowned: bool,
    team: Option<BTreeSet<u32>>,
    doc: Option<u32>,
    statuses: Vec<ActionStatus>,
    priorities: Vec<Priority>,
    services: Option<BTreeSet<u32>>,
    /// The end of the due days that are asked for, as a `sort_key`.
    before: i64,
    /// Words that must stand in an item's text or its postmortem's title.
    words: Option<WithWords>,
}

impl Sieve {
    /// Whether an item is one of those asked for, whenever it was settled and whoever owns it.
    fn passes(&self, entry: &Entry, review: &Review) -> bool {
        let open = !is_settled(entry.status);
        (open || !entry.trashed)
            && entry.sort_key < self.before
            && (self.statuses.is_empty() || self.statuses.contains(&entry.status))
            && (self.priorities.is_empty()
                || entry
                    .priority
                    .is_some_and(|priority| self.priorities.contains(&priority)))
            && (!self.unowned || entry.owner == 0)
            && self.doc.is_none_or(|doc| doc == entry.doc)
            && self
                .team
                .as_ref()
                .is_none_or(|team| team.contains(&entry.owner))
            && self
                .services
                .as_ref()
                .is_none_or(|services| services.contains(&review.services))
            && (self.hidden.is_empty() || !self.hidden.contains(&entry.doc))
            && self
                .words
                .as_ref()
                .is_none_or(|words| words.has(entry, review))
    }
}

/// What is asked for.
struct Ask<'a> {
    sql: &'a Connection,
    index: &'a ActionIndex,
    sieve: Sieve,
    filter: &'a ActionFilter,
    today: NaiveDate,
    /// The end of the settled items that are asked for, as a `sort_key`.
    settled_until: i64,
}

impl Ask<'_> {
    fn groups(&self, grouping: ActionGrouping) -> Result<Groups, StoreError> {
        let mut groups = Groups {
            all: Vec::new(),
            open: 0,
            done: 0,
        };
        if self.wants(false) {
            groups.all = self.open(grouping)?;
            groups.open = groups.all.iter().map(Group::total).sum();
        }
        if self.wants(true) {
            let (check, done, declined, all_done) = self.settled();
            // What is due this week comes first; whatever else the groups are, a question that waits stands above them.
            let at = if grouping == ActionGrouping::Due {
                groups
                    .all
                    .iter()
                    .take_while(|group| matches!(group.key.as_str(), "overdue" | "week"))
                    .count()
            } else {
                0
            };
            groups.all.insert(at, check);
            groups.all.extend([done, declined]);
            groups.done = all_done;
        }
        groups.all.retain(|group| !group.items.is_empty());
        Ok(groups)
    }

    /// Whether the filter lets settled items through, or unsettled ones.
    fn wants(&self, settled: bool) -> bool {
        let statuses = &self.filter.statuses;
        !(settled && self.filter.overdue)
            && (statuses.is_empty() || statuses.iter().any(|status| is_settled(*status) == settled))
    }

    /// Items of a stretch of the order that are asked for, each with its place.
    fn between(&self, from: i64, until: i64) -> impl Iterator<Item = (u32, &Entry, &Review)> {
        let entries = &self.index.entries;
        let from = entries.partition_point(|entry| entry.sort_key < from);
        let until = entries
            .partition_point(|entry| entry.sort_key < until)
            .max(from);
        let places = u32::try_from(from).unwrap_or(UNKNOWN)..;
        places
            .zip(entries.get(from..until).unwrap_or_default())
            .filter_map(|(place, entry)| Some((place, entry, self.index.review(entry)?)))
            .filter(|(_, entry, review)| self.sieve.passes(entry, review))
    }

    fn is_owners(&self, entry: &Entry) -> bool {
        self.sieve.owner.is_none_or(|owner| owner == entry.owner)
    }

    /// The unsettled items.
    fn open(&self, grouping: ActionGrouping) -> Result<Vec<Group>, StoreError> {
        let week_ends = day_key(week_ends(self.today));
        let today = day_key(self.today);
        let people = match grouping {
            ActionGrouping::Owner | ActionGrouping::Team => people(self.sql)?,
            _ => BTreeMap::new(),
        };
        let mut teams = Words::default();
        let team_of: Vec<u32> = match grouping {
            ActionGrouping::Team => self
                .index
                .owners
                .all
                .iter()
                .map(|owner| teams.number(people.get(owner).map_or("", |(_, team)| team)))
                .collect(),
            _ => Vec::new(),
        };
        // Every grouping is by a number that is small.
        let number = |entry: &Entry, review: &Review| match grouping {
            ActionGrouping::Due => match entry.sort_key {
                key if key < today => 0,
                key if key < week_ends => 1,
                key if key < NO_DUE => 2,
                _ => 3,
            },
            ActionGrouping::Priority => u32::try_from(entry.sort_key & 7).unwrap_or_default(),
            ActionGrouping::Postmortem => entry.doc,
            ActionGrouping::Service => review.services,
            ActionGrouping::Owner => entry.owner,
            ActionGrouping::Team => team_of
                .get(entry.owner as usize)
                .copied()
                .unwrap_or_default(),
        };
        let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
        let mut at: Vec<usize> = Vec::new();
        for (place, entry, review) in self.between(i64::MIN, OPEN_END) {
            if !self.is_owners(entry) {
                continue;
            }
            let number = number(entry, review);
            if at.len() <= number as usize {
                at.resize(number as usize + 1, usize::MAX);
            }
            let slot = match at.get_mut(number as usize) {
                Some(slot) => slot,
                None => continue,
            };
            if *slot == usize::MAX {
                *slot = found.len();
                found.push((number, Vec::new()));
            }
            if let Some((_, items)) = found.get_mut(*slot) {
                items.push(place);
            }
        }
        let names = match grouping {
            ActionGrouping::Service => service_names(self.sql)?,
            _ => BTreeMap::new(),
        };
        let mut groups: Vec<(Place, Group)> = found
            .into_iter()
            .zip(0..)
            .map(|((number, items), first)| {
                let word =
                    |words: &Words| words.all.get(number as usize).cloned().unwrap_or_default();
                let (place, key, label) = match grouping {
                    ActionGrouping::Due => {
                        let key = ["overdue", "week", "later", "none"].get(number as usize);
                        (
                            Place::at(number),
                            key.copied().unwrap_or_default().to_owned(),
                            Some(String::new()),
                        )
                    }
                    ActionGrouping::Priority if number < 4 => (
                        Place::at(number),
                        format!("P{number}"),
                        Some(format!("P{number}")),
                    ),
                    ActionGrouping::Priority => (
                        Place::at(number),
                        "z".to_owned(),
                        Some("No priority".to_owned()),
                    ),
                    // The most urgent one is the one that is met first.
                    ActionGrouping::Postmortem => (Place::at(first), word(&self.index.docs), None),
                    ActionGrouping::Service => {
                        let ids = ids_of(&word(&self.index.services));
                        let called: Vec<&str> = ids
                            .iter()
                            .map(|id| names.get(id).map_or(id.as_str(), String::as_str))
                            .collect();
                        let none = called.is_empty();
                        let label = if none {
                            "No service".to_owned()
                        } else {
                            called.join(", ")
                        };
                        (Place::of(none, &label), ids.join(" "), Some(label))
                    }
                    ActionGrouping::Owner => {
                        let owner = word(&self.index.owners);
                        let label = match people.get(&owner) {
                            _ if owner.is_empty() => "No owner".to_owned(),
                            Some((name, _)) => name.clone(),
                            None => "Somebody".to_owned(),
                        };
                        (Place::of(!owner.is_empty(), &label), owner, Some(label))
                    }
                    ActionGrouping::Team => {
                        let team = word(&teams);
                        let none = team.is_empty();
                        let label = if none {
                            "No team".to_owned()
                        } else {
                            team.clone()
                        };
                        (Place::of(none, &label), team, Some(label))
                    }
                };
                (place, Group { key, label, items })
            })
            .collect();
        groups.sort_by(|(one, a), (other, b)| (one, &a.key).cmp(&(other, &b.key)));
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    /// What is done and is to be looked at again, also of the reviews that the owner of the list owns; the rest of what is
    /// done; what was declined; and how many are done in all.
    fn settled(&self) -> (Group, Group, Group, u32) {
        let today = self.today.num_days_from_ce();
        let mut check: Vec<(i32, i64, u32)> = Vec::new();
        let (mut done, mut declined, mut all_done) = (Vec::new(), Vec::new(), 0);
        for (place, entry, review) in self.between(OPEN_END, i64::MAX) {
            let owners = self.is_owners(entry);
            let asked = entry.check_on <= today;
            if asked && (owners || self.sieve.owner == Some(review.review_owner)) {
                check.push((entry.check_on, entry.key, place));
            }
            if !owners || entry.sort_key > self.settled_until {
                continue;
            }
            if entry.status == ActionStatus::Declined {
                declined.push(place);
                continue;
            }
            all_done += 1;
            if !asked {
                done.push(place);
            }
        }
        check.sort_unstable();
        let group = |key: String, items| Group {
            key,
            label: Some(String::new()),
            items,
        };
        (
            group(
                "check".into(),
                check.into_iter().map(|(_, _, place)| place).collect(),
            ),
            group(word(Some(ActionStatus::Done)), done),
            group(word(Some(ActionStatus::Declined)), declined),
            all_done,
        )
    }
}

impl Group {
    fn total(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }
}

/// Where a group stands among the others.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place(u32, String);

impl Place {
    fn at(number: u32) -> Self {
        Self(number, String::new())
    }

    fn of(last: bool, label: &str) -> Self {
        Self(u32::from(last), label.to_lowercase())
    }
}

/// The services of a set, as the file has it.
fn ids_of(set: &str) -> Vec<String> {
    serde_json::from_str(set).unwrap_or_default()
}

/// Names and teams of everybody in the directory.
fn people(sql: &Connection) -> Result<BTreeMap<String, (String, String)>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT id, name, team FROM person")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
