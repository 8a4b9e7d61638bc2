//! The frames of the document pipe: y-websocket's, and three of ours. Reading never panics and never allocates.

/// The most bytes of one frame until a connection's first sync is done: a whole document may come in one.
pub const FIRST_LIMIT: usize = 4 * 1024 * 1024;
/// The most bytes of one frame after that.
pub const LIMIT: usize = 1024 * 1024;
/// The most bytes of one awareness frame.
pub const AWARENESS_LIMIT: usize = 8 * 1024;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const QUERY_AWARENESS: u64 = 3;
const STORED: u64 = 120;
const NOT_SAVED: u64 = 121;
const REFUSED: u64 = 122;

/// A frame that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A state vector: send what is missing.
    Step1(&'a [u8]),
    /// What was missing.
    Step2(&'a [u8]),
    /// A live update.
    Update(&'a [u8]),
    /// Who is present.
    Awareness(&'a [u8]),
    /// Who is present?
    QueryAwareness,
    /// The client understands our own frames.
    Understands,
}

/// Reads a frame; nothing when it is none that a client may send.
pub fn read(mut bytes: &[u8]) -> Option<Frame<'_>> {
    let input = &mut bytes;
    let frame = match read_number(input)? {
        SYNC => match read_number(input)? {
            0 => Frame::Step1(read_bytes(input)?),
            1 => Frame::Step2(read_bytes(input)?),
            2 => Frame::Update(read_bytes(input)?),
            _ => return None,
        },
        AWARENESS => Frame::Awareness(read_bytes(input)?),
        QUERY_AWARENESS => Frame::QueryAwareness,
        STORED => Frame::Understands,
        _ => return None,
    };
    bytes.is_empty().then_some(frame)
}

/// Asks for what this side is missing.
pub fn step1(state_vector: &[u8]) -> Vec<u8> {
    sync(0, state_vector)
}

/// Answers a Step1.
pub fn step2(update: &[u8]) -> Vec<u8> {
    sync(1, update)
}

/// Passes a live update on.
pub fn update(update: &[u8]) -> Vec<u8> {
    sync(2, update)
}

/// Tells who is present.
pub fn awareness(update: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(update.len() + 6);
    write_number(&mut out, AWARENESS);
    write_bytes(&mut out, update);
    out
}

/// The first `count` frames of this connection that carried updates are durable.
pub fn stored(count: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(6);
    write_number(&mut out, STORED);
    write_number(&mut out, count);
    out
}

/// Saving fails for now; it is tried again.
pub fn not_saved(sentence: &str) -> Vec<u8> {
    words(NOT_SAVED, sentence)
}

/// The connection is about to be closed.
pub fn refused(sentence: &str) -> Vec<u8> {
    words(REFUSED, sentence)
}

fn sync(step: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 7);
    write_number(&mut out, SYNC);
    write_number(&mut out, step);
    write_bytes(&mut out, bytes);
    out
}

fn words(kind: u64, sentence: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(sentence.len() + 6);
    write_number(&mut out, kind);
    write_bytes(&mut out, sentence.as_bytes());
    out
}

/// Reads a variable-length unsigned integer of lib0.
pub fn read_number(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Reads bytes behind their length.
pub fn read_bytes<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(read_number(input)?).ok()?;
    let (bytes, rest) = input.split_at_checked(length)?;
    *input = rest;
    Some(bytes)
}

/// Writes a variable-length unsigned integer of lib0.
pub fn write_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes bytes behind their length.
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::{Frame, read, stored, update, write_number};

    #[test]
    fn frames_are_read_whole_or_not_at_all() {
        let frame = update(b"abc");
        assert_eq!(
            read(&frame),
            Some(Frame::Update(b"abc")),
            "what was written must be read"
        );
        for cut in 0..frame.len() {
            assert_eq!(
                read(&frame[..cut]),
                None,
                "a frame cut off after {cut} bytes is none"
            );
        }
        let mut longer = frame.clone();
        longer.push(0);
        assert_eq!(
            read(&longer),
            None,
            "a frame with something behind it is none"
        );
        assert_eq!(read(&[0xff; 40]), None, "a number without an end is none");
        assert_eq!(
            read(&[120]),
            Some(Frame::Understands),
            "an empty 120 says that the client knows our frames"
        );
        assert_eq!(
            read(&stored(300)),
            None,
            "only the server says what is stored"
        );
    }

    #[test]
    fn numbers_are_those_of_lib0() {
        let mut out = Vec::new();
        write_number(&mut out, 300);
        assert_eq!(
            out,
            [0xac, 0x02],
            "lib0 writes seven bits a byte, lowest first"
        );
    }
}
