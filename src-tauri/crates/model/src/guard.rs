//! A structural check of bytes from outside, in front of the document engine.
//!
//! The engine reads what a message claims: it reserves room for as many entries as the message says and follows nested
//! values on the stack. Ten kilobytes of nested arrays end the whole process, and no `catch_unwind` can help. So every
//! message passes here first. The walk allocates nothing, never goes deeper than [`ANY_DEPTH`], and lets through only
//! what a Debrief document is made of: rows that are maps under a root, texts within rows or under a root, plain values.

use thiserror::Error;

/// How deep lists and objects may be nested within one value.
const ANY_DEPTH: u32 = 4;
/// Entries that a list or an object within a value may have.
const ANY_ENTRIES: u64 = 1024;
/// Pieces that the engine keeps apart in memory: edits, further values, deleted stretches; a row counts as
/// [`PIECES_OF_A_ROW`]. An update from outside may have so many, each of which takes some 500 bytes: 64 MB are not
/// reached. A state of our own may have any number, for it has grown piece by piece.
pub(crate) const MAX_PIECES: u64 = 100_000;
/// A row takes more memory than other edits, here and in the plain snapshot.
const PIECES_OF_A_ROW: u64 = 5;
/// Highest clock; the engine computes with signed 32 bits.
const MAX_CLOCK: u64 = i32::MAX as u64;
/// Highest client id; Yjs cannot count further.
const MAX_CLIENT: u64 = (1 << 53) - 1;
/// Bytes of one person's presence.
const MAX_PRESENCE: usize = 4096;
/// People in one presence message.
const MAX_PRESENT: u64 = 1024;

/// Why bytes from outside were refused, or could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadUpdate {
    /// The bytes end in the middle.
    #[error("The edit is cut off after {at} bytes.")]
    CutOff {
        /// Where the bytes ended.
        at: usize,
    },
    /// A number that no writer produces.
    #[error("The edit is damaged: {what} at byte {at}.")]
    Damaged {
        /// What is wrong there.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// Well-formed, but nothing that a Debrief document is made of.
    #[error("The edit holds something that does not belong into a document: {what} at byte {at}.")]
    Foreign {
        /// What it is.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// Well-formed, but more than anybody writes at once, or than a document may hold.
    #[error("The edit is too large: {0}.")]
    TooLarge(&'static str),
    /// The engine could not apply it. The document in memory may hold a part of it and must be loaded again.
    #[error("The edit could not be applied: {0}")]
    Engine(String),
}

/// What a walk meets. An error ends it.
pub(crate) trait Visitor {
    /// A stretch of `len` clocks of `client`; `skip` for one that the update leaves out.
    fn block(
        &mut self,
        _client: u64,
        _clock: u32,
        _len: u32,
        _skip: bool,
    ) -> Result<(), BadUpdate> {
        Ok(())
    }
    /// An edit refers to this place and needs it.
    fn reference(&mut self, _client: u64, _clock: u32) -> Result<(), BadUpdate> {
        Ok(())
    }
    /// An edit is an entry of this root; `key` for an entry of a map.
    fn root(&mut self, _name: &str, _key: Option<&str>) -> Result<(), BadUpdate> {
        Ok(())
    }
    /// A row: a map under a root.
    fn row(&mut self, _client: u64, _clock: u32) -> Result<(), BadUpdate> {
        Ok(())
    }
    /// A text, at byte `at`, within the map that has this id.
    fn text_in(&mut self, _client: u64, _clock: u32, _at: usize) -> Result<(), BadUpdate> {
        Ok(())
    }
    /// `len` clocks of `client` are deleted.
    fn deleted(&mut self, _client: u64, _clock: u32, _len: u32) -> Result<(), BadUpdate> {
        Ok(())
    }
}

struct NoVisitor;
impl Visitor for NoVisitor {}

/// Checks an update (format v1), of whatever size. An error means that it must not reach the engine. What the engine
/// makes of updates that pass, passes.
pub fn check_update(update: &[u8]) -> Result<(), BadUpdate> {
    walk(update, &mut NoVisitor).map(drop)
}

/// Checks a state vector (the body of a SyncStep1).
pub fn check_state_vector(bytes: &[u8]) -> Result<(), BadUpdate> {
    let mut input = Input::of(bytes);
    let count = input.count(2, u64::MAX, "the number of writers")?;
    for _ in 0..count {
        input.client()?;
        input.clock()?;
    }
    input.end()
}

/// Checks a presence update (the body of an awareness message).
pub fn check_awareness(bytes: &[u8]) -> Result<(), BadUpdate> {
    let mut input = Input::of(bytes);
    let count = input.count(3, MAX_PRESENT, "the number of people present")?;
    for _ in 0..count {
        input.client()?;
        input.number(u64::from(u32::MAX), "a presence clock")?;
        let at = input.at;
        let state = input.string()?;
        if state.len() > MAX_PRESENCE {
            return Err(BadUpdate::Foreign {
                what: "a presence of more than 4 kB",
                at,
            });
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(state).is_err() {
            return Err(BadUpdate::Damaged {
                what: "a presence that is no JSON",
                at,
            });
        }
    }
    input.end()
}

/// Walks through an update, tells the visitor what it meets, and returns the number of pieces; see [`MAX_PIECES`].
pub(crate) fn walk(update: &[u8], visitor: &mut impl Visitor) -> Result<u64, BadUpdate> {
    let mut input = Input::of(update);
    let clients = input.count(5, u64::MAX, "the number of writers")?;
    let mut previous: Option<u64> = None;
    for _ in 0..clients {
        let blocks = input.count(2, u64::MAX, "the number of edits")?;
        let at = input.at;
        let client = input.client()?;
        // Writers stand in falling order in everything that Yjs and yrs encode; a second section of one writer is forged.
        if previous.is_some_and(|previous| client >= previous) || blocks == 0 {
            return Err(BadUpdate::Damaged {
                what: "writers out of order",
                at,
            });
        }
        previous = Some(client);
        let mut clock = input.clock()?;
        for _ in 0..blocks {
            let at = input.at;
            let (len, skip) = walk_block(&mut input, client, clock, visitor)?;
            let end = u64::from(clock).saturating_add(len);
            if len == 0 || end > MAX_CLOCK {
                return Err(BadUpdate::Damaged {
                    what: "an edit without length or with too much of it",
                    at,
                });
            }
            visitor.block(client, clock, len as u32, skip)?;
            input.pieces += 1;
            clock = end as u32;
        }
    }
    let clients = input.count(2, u64::MAX, "the number of deletions")?;
    for _ in 0..clients {
        let client = input.client()?;
        let ranges = input.count(2, u64::MAX, "the number of deletions")?;
        for _ in 0..ranges {
            let at = input.at;
            let clock = input.clock()?;
            let len = input.clock()?;
            if len == 0 || u64::from(clock) + u64::from(len) > MAX_CLOCK {
                return Err(BadUpdate::Damaged {
                    what: "a deletion without length or with too much of it",
                    at,
                });
            }
            visitor.deleted(client, clock, len)?;
            input.pieces += 1;
        }
    }
    input.end()?;
    Ok(input.pieces)
}

/// Where an edit stands, as far as its bytes say.
enum Place {
    /// Beside another edit, whose parent it shares.
    Sibling,
    /// An entry of a root map.
    RootEntry,
    /// In the sequence of a root.
    RootSequence,
    /// An entry of the map with this id.
    MapEntry(u64, u32),
    /// In the sequence of the type with this id.
    Sequence,
}

/// Walks one edit; returns its length in clocks and whether it is a gap.
fn walk_block(
    input: &mut Input,
    client: u64,
    clock: u32,
    visitor: &mut impl Visitor,
) -> Result<(u64, bool), BadUpdate> {
    const HAS_ORIGIN: u8 = 0x80;
    const HAS_RIGHT_ORIGIN: u8 = 0x40;
    const HAS_KEY: u8 = 0x20;
    let at = input.at;
    let info = input.byte()?;
    if info == 0 || info == 10 {
        return Ok((u64::from(input.clock()?), info == 10));
    }
    for flag in [HAS_ORIGIN, HAS_RIGHT_ORIGIN] {
        if info & flag != 0 {
            let (client, clock) = (input.client()?, input.clock()?);
            visitor.reference(client, clock)?;
        }
    }
    let place = if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) != 0 {
        Place::Sibling
    } else if input.number(1, "a parent")? == 1 {
        let name = input.string()?;
        let key = if info & HAS_KEY != 0 {
            Some(input.string()?)
        } else {
            None
        };
        visitor.root(name, key)?;
        if key.is_some() {
            Place::RootEntry
        } else {
            Place::RootSequence
        }
    } else {
        let (client, clock) = (input.client()?, input.clock()?);
        visitor.reference(client, clock)?;
        if info & HAS_KEY != 0 {
            input.string()?;
            Place::MapEntry(client, clock)
        } else {
            Place::Sequence
        }
    };
    let len = match info & 0x1F {
        1 => u64::from(input.clock()?),
        4 => input.string()?.encode_utf16().count() as u64,
        7 => {
            const MAP: u8 = 1;
            const TEXT: u8 = 2;
            // Maps stand directly under a root, texts there or directly in such a map. With nothing else let in, nothing
            // can be nested deeper, and the engine's recursive deletion stays shallow. Both are made once, under
            // a fresh key, so they never have a left neighbour.
            match (input.byte()?, place) {
                (MAP, Place::RootEntry) => {
                    visitor.row(client, clock)?;
                    input.pieces += PIECES_OF_A_ROW - 1;
                }
                (TEXT, Place::RootEntry) => {}
                (TEXT, Place::MapEntry(parent, parent_clock)) => {
                    visitor.text_in(parent, parent_clock, at)?
                }
                _ => {
                    return Err(BadUpdate::Foreign {
                        what: "a nested list or object",
                        at,
                    });
                }
            }
            1
        }
        8 => {
            // The engine joins neighbours into one run, so a run has no bound of its own.
            let count = input.count(1, u64::MAX, "the number of values")?;
            for _ in 0..count {
                input.any(0)?;
            }
            // The edit itself is counted where it was called for.
            input.pieces = input.pieces.saturating_sub(1);
            count
        }
        2 | 3 | 5 | 6 | 9 => {
            return Err(BadUpdate::Foreign {
                what: "an embedded object, a format or a file",
                at,
            });
        }
        _ => {
            return Err(BadUpdate::Damaged {
                what: "an unknown kind of edit",
                at,
            });
        }
    };
    Ok((len, false))
}

/// Bytes and how far they have been read.
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
    pieces: u64,
}

impl<'a> Input<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            pieces: 0,
        }
    }

    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn end(&self) -> Result<(), BadUpdate> {
        if self.left() == 0 {
            Ok(())
        } else {
            Err(BadUpdate::Damaged {
                what: "bytes after the end",
                at: self.at,
            })
        }
    }

    fn byte(&mut self) -> Result<u8, BadUpdate> {
        let byte = *self
            .bytes
            .get(self.at)
            .ok_or(BadUpdate::CutOff { at: self.at })?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], BadUpdate> {
        let end = self.at.checked_add(len).ok_or(BadUpdate::CutOff {
            at: self.bytes.len(),
        })?;
        let taken = self.bytes.get(self.at..end).ok_or(BadUpdate::CutOff {
            at: self.bytes.len(),
        })?;
        self.at = end;
        Ok(taken)
    }

    /// An unsigned number of variable length, at most `max`. No longer encoding than needed for 63 bits is read, because
    /// the engine would wrap it around to another number.
    fn number(&mut self, max: u64, what: &'static str) -> Result<u64, BadUpdate> {
        let at = self.at;
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return if number <= max {
                    Ok(number)
                } else {
                    Err(BadUpdate::Damaged { what, at })
                };
            }
        }
        Err(BadUpdate::Damaged { what, at })
    }

    /// A number of entries that take at least `least` bytes each, and no more than `max`.
    fn count(&mut self, least: u64, max: u64, what: &'static str) -> Result<u64, BadUpdate> {
        let at = self.at;
        let count = self.number(u64::MAX, what)?;
        // The last entries' deletions may be missing in a cut-off update; that is found when they are read.
        if count > max || count.saturating_mul(least) > self.left() as u64 + least {
            return Err(BadUpdate::Damaged { what, at });
        }
        Ok(count)
    }

    fn client(&mut self) -> Result<u64, BadUpdate> {
        self.number(MAX_CLIENT, "a writer's number")
    }

    fn clock(&mut self) -> Result<u32, BadUpdate> {
        Ok(self.number(MAX_CLOCK, "a clock")? as u32)
    }

    fn string(&mut self) -> Result<&'a str, BadUpdate> {
        let at = self.at;
        let len = self.number(u64::from(u32::MAX), "a text's length")?;
        let bytes = self.take(usize::try_from(len).map_err(|_| BadUpdate::CutOff { at })?)?;
        std::str::from_utf8(bytes).map_err(|_| BadUpdate::Damaged {
            what: "a text that is not UTF-8",
            at,
        })
    }

    fn any(&mut self, depth: u32) -> Result<(), BadUpdate> {
        let at = self.at;
        self.pieces += 1;
        match self.byte()? {
            120 | 121 | 126 | 127 => {}
            119 => {
                self.string()?;
            }
            122 | 123 => {
                self.take(8)?;
            }
            124 => {
                self.take(4)?;
            }
            125 => {
                // A signed number: six bits in the first byte, seven in each of the others.
                let mut length = 1;
                while self.byte()? >= 0x80 {
                    length += 1;
                    if length > 8 {
                        return Err(BadUpdate::Damaged {
                            what: "a number",
                            at,
                        });
                    }
                }
            }
            116 => {
                self.string_bytes()?;
            }
            kind @ (117 | 118) => {
                if depth + 1 > ANY_DEPTH {
                    return Err(BadUpdate::Foreign {
                        what: "a value that is nested too deep",
                        at,
                    });
                }
                let count = self.count(1, ANY_ENTRIES, "the number of values")?;
                for _ in 0..count {
                    if kind == 118 {
                        self.string()?;
                    }
                    self.any(depth + 1)?;
                }
            }
            _ => {
                return Err(BadUpdate::Damaged {
                    what: "an unknown kind of value",
                    at,
                });
            }
        }
        Ok(())
    }

    fn string_bytes(&mut self) -> Result<(), BadUpdate> {
        let at = self.at;
        let len = self.number(u64::from(u32::MAX), "a length")?;
        self.take(usize::try_from(len).map_err(|_| BadUpdate::CutOff { at })?)?;
        Ok(())
    }
}
