//! Action items in groups: by due day, priority, postmortem, service, owner or team. A page is a stretch of the groups in
//! their order, and only the groups that it touches are read; how many each holds is counted over indices alone.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use model::list::{ActionFilter, ActionGroup, ActionGrouping, ActionPage};
use model::postmortem::ActionStatus;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::action::{COLUMNS, FROM, NO_DUE, PAGE, SETTLED, conditions, day_key, read};
use crate::table::postmortem::{Where, day_start};
use crate::table::projected::text;
use crate::words::word;

/// The first `sort_key` that is no unsettled item's.
const OPEN_END: i64 = NO_DUE + 8;
/// Items that somebody is asked about. The day is in the table only of what is done and not yet answered.
const TO_CHECK: &str = "a.check_on <= ?";

/// A group and how its rows are found.
#[derive(Clone, Debug)]
struct Segment {
    key: String,
    label: Label,
    total: u32,
    condition: String,
    values: Vec<Value>,
    order: &'static str,
}

/// How a group is called.
#[derive(Clone, Debug)]
enum Label {
    Words(String),
    /// The title of a postmortem, looked up when the group is on a page: there are many.
    Title,
}

/// The groups of a list.
struct Groups {
    segments: Vec<Segment>,
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
    /// A page of action items in groups.
    pub(crate) fn grouped_actions(
        &self,
        filter: &ActionFilter,
        grouping: ActionGrouping,
        (today, zone): (NaiveDate, Tz),
        words: Vec<String>,
    ) -> Result<ActionPage, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let ask = Ask {
            sql: &tx,
            filter,
            today,
            zone,
            words,
        };
        let question = format!(
            "groups {grouping:?} {today} {:?}",
            ActionFilter {
                offset: 0,
                limit: 0,
                ..filter.clone()
            }
        );
        let groups = self.remember(&question, || ask.groups(grouping))?;
        let mut page = ActionPage {
            rows: Vec::new(),
            total: groups.segments.iter().map(|group| group.total).sum(),
            open: groups.open,
            done: groups.done,
            today,
            groups: Vec::new(),
        };
        let mut skip = filter.offset;
        let mut left = if filter.limit == 0 {
            PAGE
        } else {
            filter.limit
        };
        for segment in &groups.segments {
            if left == 0 {
                break;
            }
            if skip >= segment.total {
                skip -= segment.total;
                continue;
            }
            let before = page.rows.len();
            let select = format!(
                "SELECT {COLUMNS} FROM {FROM} WHERE {} ORDER BY {} LIMIT ? OFFSET ?",
                segment.condition, segment.order
            );
            let paging = [Value::Integer(left.into()), Value::Integer(skip.into())];
            let mut statement = tx.prepare_cached(&select)?;
            let values = segment.values.iter().chain(&paging);
            for row in statement.query_map(params_from_iter(values), read)? {
                page.rows.push(row?);
            }
            let label = match &segment.label {
                Label::Words(words) => words.clone(),
                Label::Title => page
                    .rows
                    .get(before)
                    .map(|row| row.doc_title.clone())
                    .unwrap_or_default(),
            };
            page.groups.push(ActionGroup {
                key: segment.key.clone(),
                label,
                total: segment.total,
            });
            skip = 0;
            left = left.saturating_sub(u32::try_from(page.rows.len() - before).unwrap_or(left));
        }
        Ok(page)
    }
}

/// What is asked for.
struct Ask<'a> {
    sql: &'a Connection,
    filter: &'a ActionFilter,
    today: NaiveDate,
    zone: Tz,
    words: Vec<String>,
}

impl Ask<'_> {
    fn groups(&self, grouping: ActionGrouping) -> Result<Groups, StoreError> {
        let mut segments = Vec::new();
        if self.wants(false) {
            segments = match grouping {
                ActionGrouping::Due => self.by_due()?,
                ActionGrouping::Priority => self.by_priority()?,
                ActionGrouping::Postmortem => self.by_postmortem()?,
                ActionGrouping::Service => self.by_service()?,
                ActionGrouping::Owner => self.by_owner()?,
                ActionGrouping::Team => self.by_team()?,
            };
        }
        let open = segments.iter().map(|group| group.total).sum();
        let mut done = 0;
        if self.wants(true) {
            let check = self.to_check()?;
            // What is due this week comes first; whatever else the groups are, a question that waits stands above them.
            let at = if grouping == ActionGrouping::Due {
                segments
                    .iter()
                    .take_while(|group| matches!(group.key.as_str(), "overdue" | "week"))
                    .count()
            } else {
                0
            };
            segments.insert(at, check);
            for status in [ActionStatus::Done, ActionStatus::Declined] {
                let (segment, all) = self.settled(status)?;
                if status == ActionStatus::Done {
                    done = all;
                }
                segments.push(segment);
            }
        }
        segments.retain(|group| group.total > 0);
        Ok(Groups {
            segments,
            open,
            done,
        })
    }

    /// Whether the filter lets settled items through, or unsettled ones.
    fn wants(&self, settled: bool) -> bool {
        let statuses = &self.filter.statuses;
        !(settled && self.filter.overdue)
            && (statuses.is_empty()
                || statuses
                    .iter()
                    .any(|status| model::edit::is_settled(*status) == settled))
    }

    /// What every row of the list is, whenever it was settled.
    fn base(&self, filter: &ActionFilter) -> Where {
        let filter = ActionFilter {
            settled_since: None,
            ..filter.clone()
        };
        conditions(&filter, (self.today, self.zone), self.words.clone())
    }

    /// What every settled row of the list is.
    /// `place` is the column that says so; with a plus sign before it SQLite takes another index.
    fn settled_rows(&self, place: &str) -> Where {
        let mut settled = self.base(self.filter);
        let until = self
            .filter
            .settled_since
            .map_or(i64::MAX, |since| SETTLED - day_start(since, self.zone));
        settled.and(
            format!("{place} >= ? AND {place} <= ?"),
            [Value::Integer(OPEN_END), Value::Integer(until)],
        );
        settled
    }

    /// What every unsettled row of the list is.
    fn open(&self) -> Where {
        let mut open = self.base(self.filter);
        open.and("a.sort_key < ?", [Value::Integer(OPEN_END)]);
        open
    }

    fn count(&self, what: &Where) -> Result<u32, StoreError> {
        let count = format!("SELECT count(*) FROM action a WHERE {}", what.sql());
        Ok(self
            .sql
            .prepare_cached(&count)?
            .query_row(params_from_iter(&what.values), |row| row.get(0))?)
    }

    fn segment(
        &self,
        key: impl Into<String>,
        label: impl Into<String>,
        what: Where,
    ) -> Result<Segment, StoreError> {
        let total = self.count(&what)?;
        Ok(counted(key.into(), Label::Words(label.into()), total, what))
    }

    fn by_due(&self) -> Result<Vec<Segment>, StoreError> {
        let (today, later) = (day_key(self.today), day_key(week_ends(self.today)));
        let bounds = [
            ("overdue", i64::MIN, today),
            ("week", today, later),
            ("later", later, NO_DUE),
            ("none", NO_DUE, OPEN_END),
        ];
        bounds
            .into_iter()
            .map(|(key, from, until)| {
                let mut what = self.base(self.filter);
                let range = [Value::Integer(from), Value::Integer(until)];
                what.and("a.sort_key >= ? AND a.sort_key < ?", range);
                self.segment(key, "", what)
            })
            .collect()
    }

    fn by_priority(&self) -> Result<Vec<Segment>, StoreError> {
        // The last three bits of an unsettled item's key are its priority.
        let found: Vec<(i64, u32)> = self.tally("a.sort_key & 7", &self.open())?;
        let name = |priority: i64| match priority {
            0..=3 => (format!("P{priority}"), format!("P{priority}")),
            _ => ("z".to_owned(), "No priority".to_owned()),
        };
        Ok(found
            .into_iter()
            .map(|(priority, total)| {
                let mut what = self.open();
                what.and("a.sort_key & 7 = ?", [Value::Integer(priority)]);
                let (key, label) = name(priority);
                counted(key, Label::Words(label), total, what)
            })
            .collect())
    }

    /// The most urgent postmortem first.
    fn by_postmortem(&self) -> Result<Vec<Segment>, StoreError> {
        let open = self.open();
        let select = format!(
            "SELECT a.doc_id, count(*) FROM action a WHERE {} GROUP BY a.doc_id ORDER BY min(a.sort_key), a.doc_id",
            open.sql()
        );
        let found: Vec<(String, u32)> = self.pairs(&select, &open)?;
        Ok(found
            .into_iter()
            .map(|(doc, total)| {
                let mut what = self.open();
                what.and("a.doc_id = ?", [text(doc.as_str())]);
                counted(doc, Label::Title, total, what)
            })
            .collect())
    }

    /// By the services of the postmortem, all of them together: an item stands in one place.
    fn by_service(&self) -> Result<Vec<Segment>, StoreError> {
        let open = self.open();
        let select = format!(
            "SELECT p.services, sum(n) FROM (SELECT a.doc_id AS doc, count(*) AS n FROM action a WHERE {} GROUP BY a.doc_id)
             JOIN postmortem p ON p.doc_id = doc GROUP BY p.services",
            open.sql()
        );
        let found: Vec<(String, u32)> = self.pairs(&select, &open)?;
        let names = crate::table::directory::service_names(self.sql)?;
        let mut segments: Vec<(String, Segment)> = found
            .into_iter()
            .map(|(services, total)| {
                let ids: Vec<String> = serde_json::from_str(&services).unwrap_or_default();
                let named: Vec<&str> = ids
                    .iter()
                    .map(|id| names.get(id).map_or(id.as_str(), String::as_str))
                    .collect();
                let mut what = self.open();
                what.and(
                    "a.doc_id IN (SELECT doc_id FROM postmortem WHERE services = ?)",
                    [text(services)],
                );
                let label = if named.is_empty() {
                    "No service".to_owned()
                } else {
                    named.join(", ")
                };
                let place =
                    (if named.is_empty() { "1" } else { "0" }).to_owned() + &label.to_lowercase();
                (
                    place,
                    counted(ids.join(" "), Label::Words(label), total, what),
                )
            })
            .collect();
        segments.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(segments.into_iter().map(|(_, segment)| segment).collect())
    }

    /// Items without an owner first, then owners by name.
    fn by_owner(&self) -> Result<Vec<Segment>, StoreError> {
        let mut found: Vec<(String, String, u32)> = Vec::new();
        let people = self.people()?;
        for (owner, total) in self.tally::<String>("a.owner", &self.open())? {
            let name = people.get(&owner).map(|(name, _)| name.clone());
            let label = match name {
                _ if owner.is_empty() => "No owner".to_owned(),
                Some(name) => name,
                None => "Somebody".to_owned(),
            };
            found.push((owner, label, total));
        }
        found.sort_by_key(|(owner, label, _)| {
            (!owner.is_empty(), label.to_lowercase(), owner.clone())
        });
        Ok(found
            .into_iter()
            .map(|(owner, label, total)| {
                let mut what = self.open();
                what.and("a.owner = ?", [text(owner.as_str())]);
                counted(owner, Label::Words(label), total, what)
            })
            .collect())
    }

    /// Teams by name, then items of nobody's team.
    fn by_team(&self) -> Result<Vec<Segment>, StoreError> {
        let people = self.people()?;
        let mut teams: BTreeMap<(bool, String, String), u32> = BTreeMap::new();
        for (owner, total) in self.tally::<String>("a.owner", &self.open())? {
            let team = people
                .get(&owner)
                .map(|(_, team)| team.clone())
                .unwrap_or_default();
            *teams
                .entry((team.is_empty(), team.to_lowercase(), team))
                .or_default() += total;
        }
        Ok(teams
            .into_iter()
            .map(|((_, _, team), total)| {
                let mut what = self.open();
                if team.is_empty() {
                    what.and(
                        "a.owner NOT IN (SELECT id FROM person WHERE team <> '')",
                        [],
                    );
                    return counted(team, Label::Words("No team".into()), total, what);
                }
                what.and(
                    "a.owner IN (SELECT id FROM person WHERE team = ?)",
                    [text(team.as_str())],
                );
                counted(team.clone(), Label::Words(team), total, what)
            })
            .collect())
    }

    /// What is done and is to be looked at again, also of the reviews that the owner of the list owns.
    fn to_check(&self) -> Result<Segment, StoreError> {
        let filter = ActionFilter {
            owner: None,
            ..self.filter.clone()
        };
        let mut what = self.base(&filter);
        what.and(TO_CHECK, [text(self.today.to_string())]);
        if let Some(owner) = &self.filter.owner {
            what.and(
                "(a.owner = ? OR a.doc_id IN (SELECT doc_id FROM postmortem WHERE review_owner = ?))",
                [text(owner.as_str()), text(owner.as_str())],
            );
        }
        let mut segment = self.segment("check", "", what)?;
        segment.order = "a.check_on, a.key";
        Ok(segment)
    }

    /// What is done, without what is to be looked at again, or what was declined; and how many that would be with it.
    fn settled(&self, status: ActionStatus) -> Result<(Segment, u32), StoreError> {
        let key = word(Some(status));
        let mut what = self.settled_rows("a.sort_key");
        // The plus sign keeps SQLite at the index that gives the order.
        what.and("+a.status = ?", [text(key.as_str())]);
        let all = self.count(&what)?;
        let mut left = all;
        if status == ActionStatus::Done {
            let mut asked = self.settled_rows("+a.sort_key");
            let today = text(self.today.to_string());
            asked.and(TO_CHECK, [today.clone()]);
            left = all.saturating_sub(self.count(&asked)?);
            what.and("(a.check_on IS NULL OR a.check_on > ?)", [today]);
        }
        Ok((counted(key, Label::Words(String::new()), left, what), all))
    }

    /// Names and teams of everybody in the directory.
    fn people(&self) -> Result<BTreeMap<String, (String, String)>, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT id, name, team FROM person")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn tally<K: rusqlite::types::FromSql>(
        &self,
        by: &str,
        what: &Where,
    ) -> Result<Vec<(K, u32)>, StoreError> {
        let select = format!(
            "SELECT {by}, count(*) FROM action a WHERE {} GROUP BY {by}",
            what.sql()
        );
        self.pairs(&select, what)
    }

    fn pairs<K: rusqlite::types::FromSql>(
        &self,
        select: &str,
        what: &Where,
    ) -> Result<Vec<(K, u32)>, StoreError> {
        let mut statement = self.sql.prepare_cached(select)?;
        let rows = statement.query_map(params_from_iter(&what.values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn counted(key: String, label: Label, total: u32, what: Where) -> Segment {
    Segment {
        key,
        label,
        total,
        condition: what.sql(),
        values: what.values,
        order: "a.sort_key, a.key",
    }
}
