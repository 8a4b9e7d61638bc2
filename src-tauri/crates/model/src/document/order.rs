//! The order of rows: how it is read from their keys, and which keys to change so that it becomes another.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::order_key::{LONG_KEY, between_many, is_key};

/// What decides on a row's place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub id: String,
    pub key: String,
    /// Set for events that have a time.
    pub at: Option<DateTime<Utc>>,
}

impl Placed {
    fn by_key(&self, other: &Self) -> Ordering {
        self.key
            .cmp(&other.key)
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// Sorts rows: by (key, id), and those with a time by (instant, key, id). A row without a time stands right after the
/// timed row that precedes it by key, or at the start.
pub(crate) fn arrange<R>(mut rows: Vec<(Placed, R)>) -> Vec<(Placed, R)> {
    rows.sort_by(|(a, _), (b, _)| a.by_key(b));
    if rows.iter().all(|(placed, _)| placed.at.is_none()) {
        return rows;
    }
    let mut start = Vec::new();
    let mut groups: Vec<Vec<(Placed, R)>> = Vec::new();
    for row in rows {
        match (row.0.at, groups.last_mut()) {
            (Some(_), _) => groups.push(vec![row]),
            (None, Some(group)) => group.push(row),
            (None, None) => start.push(row),
        }
    }
    // The sort is stable, so equal instants stay in the order of their keys.
    groups.sort_by_key(|group| group.first().and_then(|(placed, _)| placed.at));
    start
        .into_iter()
        .chain(groups.into_iter().flatten())
        .collect()
}

/// New keys, by id, for the rows that need one so that `wanted` is the order. `now` are the rows that stand in the list,
/// in their order; `hidden` are keys of rows that stood in it and may come back with the key they had.
pub(crate) fn place(
    now: &[Placed],
    hidden: &HashMap<String, String>,
    wanted: &[Placed],
    random: &mut dyn FnMut() -> u32,
) -> HashMap<String, String> {
    let position: HashMap<&str, usize> = now
        .iter()
        .enumerate()
        .map(|(at, row)| (row.id.as_str(), at))
        .collect();
    let stays = longest_rising(
        wanted
            .iter()
            .map(|row| position.get(row.id.as_str()).copied()),
    );
    let mut keys: Vec<Option<String>> = wanted
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let old = position.get(row.id.as_str()).and_then(|at| now.get(*at));
            old.filter(|_| stays.contains(&at))
                .map(|row| row.key.clone())
        })
        .collect();
    let changed = match fill(&mut keys, hidden, wanted, random) {
        Some(changed) if gives(wanted, &keys) => changed,
        _ => {
            let fresh = between_many(None, None, wanted.len(), random).unwrap_or_default();
            return wanted
                .iter()
                .zip(fresh)
                .map(|(row, key)| (row.id.clone(), key))
                .collect();
        }
    };
    changed
        .into_iter()
        .filter_map(|at| Some((wanted.get(at)?.id.clone(), keys.get(at)?.clone()?)))
        .collect()
}

/// Gives keys to those that have none; their places, or `None` when that is not possible here.
fn fill(
    keys: &mut [Option<String>],
    hidden: &HashMap<String, String>,
    wanted: &[Placed],
    random: &mut dyn FnMut() -> u32,
) -> Option<Vec<usize>> {
    let mut changed = Vec::new();
    let mut at = 0;
    while at < keys.len() {
        if keys[at].is_some() {
            at += 1;
            continue;
        }
        let end = (at..keys.len())
            .find(|next| keys[*next].is_some())
            .unwrap_or(keys.len());
        let left = at.checked_sub(1).and_then(|before| keys[before].clone());
        let mut right = keys.get(end).cloned().flatten();
        if let (Some(a), Some(b)) = (&left, &right)
            && a >= b
        {
            // Where times decide, neighbours' keys may run backwards: take the next key above the left one.
            let above = keys.iter().flatten().filter(|key| *key > a).min();
            right = above.cloned();
        }
        let back: Option<&String> = if end == at + 1 {
            hidden.get(&wanted[at].id)
        } else {
            None
        };
        let fits = |key: &&String| {
            is_key(key)
                && left.as_ref().is_none_or(|left| left < *key)
                && right.as_ref().is_none_or(|right| *key < right)
        };
        let made = match back.filter(fits) {
            Some(key) => vec![key.clone()],
            None => between_many(left.as_deref(), right.as_deref(), end - at, random).ok()?,
        };
        for key in made {
            if key.len() > LONG_KEY {
                return None;
            }
            keys[at] = Some(key);
            changed.push(at);
            at += 1;
        }
    }
    Some(changed)
}

/// Whether these keys give the order that can be had: the wanted one, or where times contradict it, what times make of it.
fn gives(wanted: &[Placed], keys: &[Option<String>]) -> bool {
    let with_keys = |key: &dyn Fn(usize) -> String| {
        let rows = wanted
            .iter()
            .enumerate()
            .map(|(at, row)| {
                (
                    Placed {
                        key: key(at),
                        ..row.clone()
                    },
                    at,
                )
            })
            .collect();
        arrange(rows)
            .into_iter()
            .map(|(_, at)| at)
            .collect::<Vec<_>>()
    };
    with_keys(&|at| keys.get(at).cloned().flatten().unwrap_or_default())
        == with_keys(&|at| format!("{at:010}"))
}

/// Places of a longest rising run among the numbers; those without a number are not in it.
fn longest_rising(numbers: impl Iterator<Item = Option<usize>>) -> HashSet<usize> {
    let numbers: Vec<Option<usize>> = numbers.collect();
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = number else { continue };
        let length = ends.partition_point(|end| numbers[*end].is_some_and(|end| end < *number));
        before[at] = length
            .checked_sub(1)
            .and_then(|last| ends.get(last).copied());
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut chosen = HashSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        chosen.insert(at);
        next = before[at];
    }
    chosen
}
