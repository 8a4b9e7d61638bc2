//! Server-sent events: lines of text, each change a line of JSON.

use serde_json::Value;

/// Bytes of one line.
const LINE: usize = 64 * 1024;

/// Bytes that make no whole line yet.
#[derive(Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// The changes whose lines end in these bytes. Nothing when a line does not end.
    pub fn take(&mut self, bytes: &[u8]) -> Option<Vec<Value>> {
        self.0.extend_from_slice(bytes);
        let mut changes = Vec::new();
        let mut rest = self.0.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if let Some(data) = line.strip_prefix(b"data:")
                && let Ok(change @ Value::Object(_)) = serde_json::from_slice::<Value>(data)
            {
                changes.push(change);
            }
        }
        let rest = rest.to_vec();
        self.0 = rest;
        (self.0.len() <= LINE).then_some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let stream = b": hello\n\ndata: {\"type\":\"directory\"}\n\ndata:{\"type\":\"meeting\",\"doc\":\"x\"}\r\n\nid: 7\ndata: no\n";
        for size in [1, 2, 7, stream.len()] {
            let mut lines = Lines::default();
            let changes: Vec<Value> = stream
                .chunks(size)
                .flat_map(|bytes| lines.take(bytes).expect("short lines"))
                .collect();
            assert_eq!(
                changes.len(),
                2,
                "comments, other fields and what is no JSON are left out: {changes:?}"
            );
            assert_eq!(changes[1]["type"], "meeting", "in their order: {changes:?}");
        }
    }

    #[test]
    fn a_line_that_does_not_end_is_given_up() {
        let mut lines = Lines::default();
        assert!(
            lines.take(&vec![b'x'; LINE + 1]).is_none(),
            "nobody fills the memory"
        );
    }
}
