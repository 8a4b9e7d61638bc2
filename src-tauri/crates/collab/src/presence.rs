//! Who is present in a room: y-protocols' awareness, passed through, bounded, and removed when its connection leaves.

use std::collections::{BTreeMap, BTreeSet};

use model::document::guard;

use crate::frame::{read_bytes, read_number, write_bytes, write_number};

/// Yjs clients that one connection may announce.
const PER_CONNECTION: usize = 8;

/// What is known of everybody present, by Yjs client id.
#[derive(Default)]
pub struct Presence {
    states: BTreeMap<u64, State>,
    /// Clients whose state has not been told yet.
    untold: BTreeSet<u64>,
}

struct State {
    connection: u64,
    clock: u64,
    json: Vec<u8>,
}

impl Presence {
    /// Takes an awareness update in and returns the farewells in it, encoded, which are told at once; what else is new is
    /// in [`Self::news`]. A client that another connection announced changes hands only with a newer clock: stock clients
    /// echo what they heard. Nobody announces a page of their own under somebody else's id.
    ///
    /// `None` outside when it is damaged.
    pub fn take(
        &mut self,
        connection: u64,
        person: Option<&str>,
        bytes: &[u8],
    ) -> Option<Option<Vec<u8>>> {
        guard::check_awareness(bytes).ok()?;
        let mut input = bytes;
        let count = read_number(&mut input)?;
        let mut gone_now = Vec::new();
        for _ in 0..count {
            let client = read_number(&mut input)?;
            let clock = read_number(&mut input)?;
            let json = read_bytes(&mut input)?;
            let gone = json == b"null";
            let owned = self
                .states
                .values()
                .filter(|state| state.connection == connection)
                .count();
            let accepted = match self.states.get(&client) {
                None => !gone && owned < PER_CONNECTION && is_of(json, person),
                Some(known) if known.connection == connection => {
                    (clock > known.clock && (gone || is_of(json, person)))
                        || (gone && clock == known.clock)
                }
                Some(known) => {
                    clock > known.clock && owned < PER_CONNECTION && (gone || is_of(json, person))
                }
            };
            if !accepted {
                continue;
            }
            if gone {
                self.states.remove(&client);
                gone_now.push((client, clock, json));
            } else {
                self.untold.insert(client);
                self.states.insert(
                    client,
                    State {
                        connection,
                        clock,
                        json: json.to_vec(),
                    },
                );
            }
        }
        Some(encode(&gone_now))
    }

    /// Whether [`Self::news`] has something to tell.
    pub fn has_news(&self) -> bool {
        !self.untold.is_empty()
    }

    /// What came in since the last time, encoded, and the connection that it came from when that was one alone: it knows.
    /// Whoever told more than once is told once, as they are now.
    pub fn news(&mut self) -> (Option<Vec<u8>>, Option<u64>) {
        let untold = std::mem::take(&mut self.untold);
        let (entries, connections): (Vec<_>, BTreeSet<u64>) = untold
            .iter()
            .filter_map(|client| {
                let state = self.states.get(client)?;
                let entry = (*client, state.clock, state.json.as_slice());
                Some((entry, state.connection))
            })
            .unzip();
        let one = connections.first().filter(|_| connections.len() == 1);
        (encode(&entries), one.copied())
    }

    /// Everybody present, encoded; nothing when nobody is.
    pub fn all(&self) -> Option<Vec<u8>> {
        let all: Vec<_> = self
            .states
            .iter()
            .map(|(client, state)| (*client, state.clock, state.json.as_slice()))
            .collect();
        encode(&all)
    }

    /// Removes those that a connection announced and returns the farewell, encoded.
    pub fn leave(&mut self, connection: u64) -> Option<Vec<u8>> {
        let gone: Vec<(u64, u64, &[u8])> = self
            .states
            .iter()
            .filter(|(_, state)| state.connection == connection)
            .map(|(client, state)| (*client, state.clock + 1, &b"null"[..]))
            .collect();
        self.states
            .retain(|_, state| state.connection != connection);
        encode(&gone)
    }
}

/// Whether a state names nobody else than the person at the other end. Stock clients name nobody by an id.
fn is_of(json: &[u8], person: Option<&str>) -> bool {
    let Some(person) = person else { return true };
    let state: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    let named = state["user"]["id"].as_str().unwrap_or_default();
    named.is_empty() || named == person
}

/// Entries as they travel; nothing when there are none.
fn encode(entries: &[(u64, u64, &[u8])]) -> Option<Vec<u8>> {
    if entries.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    write_number(&mut out, entries.len() as u64);
    for (client, clock, json) in entries {
        write_number(&mut out, *client);
        write_number(&mut out, *clock);
        write_bytes(&mut out, json);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Presence, encode};

    /// What the others hear of an update, and which connection alone need not.
    fn heard(
        presence: &mut Presence,
        connection: u64,
        person: Option<&str>,
        update: &[u8],
    ) -> (Option<Vec<u8>>, Option<u64>) {
        let farewells = presence.take(connection, person, update);
        assert_eq!(farewells, Some(None), "nobody goes in these updates");
        presence.news()
    }

    #[test]
    fn what_comes_in_short_order_is_told_once() {
        let mut presence = Presence::default();
        let mut tell = |connection, client, clock, json: &str| {
            let update = encode(&[(client, clock, json.as_bytes())]).unwrap();
            presence.take(connection, None, &update).unwrap()
        };
        tell(1, 7, 1, "{\"cursor\":1}");
        tell(1, 7, 2, "{\"cursor\":2}");
        tell(2, 8, 1, "{\"cursor\":5}");
        tell(3, 9, 1, "{}");
        let farewell = tell(3, 9, 2, "null");
        assert_eq!(
            farewell,
            encode(&[(9, 2, b"null")]),
            "who goes is told at once"
        );
        assert!(presence.has_news(), "two cursors have moved");
        let both: [(u64, u64, &[u8]); 2] = [(7, 2, b"{\"cursor\":2}"), (8, 1, b"{\"cursor\":5}")];
        assert_eq!(
            presence.news(),
            (encode(&both), None),
            "the last state of each, and nothing of who has gone"
        );
        assert_eq!(presence.news(), (None, None), "once");
    }

    #[test]
    fn an_echo_takes_nobody_away() {
        let mut presence = Presence::default();
        let hello = encode(&[(7, 1, b"{\"name\":\"Ada\"}")]).unwrap();
        assert_eq!(
            heard(&mut presence, 1, None, &hello),
            (Some(hello.clone()), Some(1)),
            "a first word is news"
        );
        assert_eq!(
            heard(&mut presence, 2, None, &hello),
            (None, None),
            "another client's echo is no news"
        );
        assert_eq!(
            presence.leave(2),
            None,
            "whoever only echoed takes nobody along"
        );
        let farewell = presence.leave(1);
        assert_eq!(
            farewell,
            encode(&[(7, 2, b"null")]),
            "leaving removes the clients that were announced, with a newer clock"
        );
        assert_eq!(presence.all(), None, "nobody is left");
    }

    #[test]
    fn one_connection_announces_only_a_few() {
        let mut presence = Presence::default();
        let crowd: Vec<(u64, u64, &[u8])> =
            (0..100).map(|client| (client, 1, &b"{}"[..])).collect();
        presence.take(1, None, &encode(&crowd).unwrap()).unwrap();
        assert_eq!(
            presence.states.len(),
            super::PER_CONNECTION,
            "one connection must not fill the memory with names"
        );
        assert_eq!(
            presence.take(1, None, &[9, 9, 9]),
            None,
            "damaged bytes are refused"
        );
    }

    #[test]
    fn nobody_is_present_as_somebody_else() {
        let mut presence = Presence::default();
        let as_greg = encode(&[(7, 1, b"{\"user\":{\"id\":\"greg\",\"name\":\"Greg\"}}")]).unwrap();
        assert_eq!(
            heard(&mut presence, 1, Some("mei"), &as_greg),
            (None, None),
            "Mei cannot be shown as Greg"
        );
        assert_eq!(
            heard(&mut presence, 2, Some("greg"), &as_greg),
            (Some(as_greg.clone()), Some(2)),
            "Greg can"
        );
        let stock = encode(&[(9, 1, b"{\"user\":{\"name\":\"Mei\"}}")]).unwrap();
        assert_eq!(
            heard(&mut presence, 1, Some("mei"), &stock),
            (Some(stock.clone()), Some(1)),
            "a client that knows no ids is welcome"
        );
    }
}
