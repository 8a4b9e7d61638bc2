//! What two versions of a Markdown text that Debrief wrote say otherwise, line by line.

use std::time::{Duration, Instant};

use similar::{DiffOp, TextDiff};

use crate::difference::pieces;
use crate::types::{DiffPiece, VersionChange};

/// Comparing goes on for this long; what is left then is shown as removed and added whole.
const PATIENCE: Duration = Duration::from_secs(2);
/// Changes that are told at the most.
const MOST: usize = 500;
/// The line that says when a text was made, which is no difference.
const MADE: &str = "Made with Debrief, ";

/// A line that says something, and the heading that it stands under.
struct Line<'t> {
    text: &'t str,
    heading: &'t str,
}

/// The lines that were changed, removed or added, in the order of the text; none when both say the same.
pub fn difference(before: &str, after: &str) -> Vec<VersionChange> {
    let deadline = Instant::now() + PATIENCE;
    let (old, new) = (lines(before), lines(after));
    let texts = |lines: &[Line<'_>]| -> Vec<String> {
        lines.iter().map(|line| line.text.to_owned()).collect()
    };
    let (old_texts, new_texts) = (texts(&old), texts(&new));
    let old_slices: Vec<&str> = old_texts.iter().map(String::as_str).collect();
    let new_slices: Vec<&str> = new_texts.iter().map(String::as_str).collect();
    let diff = TextDiff::configure()
        .deadline(deadline)
        .diff_slices(&old_slices, &new_slices);
    let mut changes = Vec::new();
    for op in diff.ops() {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let mut gone = old.get(op.old_range()).unwrap_or_default().iter();
        let mut come = new.get(op.new_range()).unwrap_or_default().iter();
        loop {
            changes.push(match (gone.next(), come.next()) {
                (Some(was), Some(is)) => VersionChange {
                    place: place(is),
                    what: "changed".into(),
                    pieces: pieces(&plain(was.text), &plain(is.text), deadline),
                },
                (Some(was), None) => whole(was, "removed"),
                (None, Some(is)) => whole(is, "added"),
                (None, None) => break,
            });
        }
    }
    changes.truncate(MOST);
    changes
}

fn whole(line: &Line<'_>, what: &str) -> VersionChange {
    VersionChange {
        place: place(line),
        what: what.into(),
        pieces: vec![DiffPiece {
            kind: what.into(),
            text: plain(line.text),
        }],
    }
}

fn place(line: &Line<'_>) -> String {
    match line.heading {
        "" if line.text.starts_with("# ") => "Title".into(),
        "" => "At the top".into(),
        heading => plain(heading),
    }
}

/// Lines that say something, without the rules of tables and when it was made.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut heading = "";
    let mut out = Vec::new();
    for text in text.lines().map(str::trim_end) {
        if text.is_empty() || text == ">" || text.starts_with("| --- |") {
            continue;
        }
        if text.starts_with("##") {
            heading = text;
        }
        out.push(Line { text, heading });
    }
    if out.last().is_some_and(|line| line.text.starts_with(MADE)) {
        out.pop();
    }
    out
}

/// A line without its marks, as people read it.
fn plain(line: &str) -> String {
    let line = line.trim_start_matches("> ");
    let row = line
        .strip_prefix("| ")
        .and_then(|row| row.strip_suffix(" |"));
    let line = match row {
        Some(row) => row.replace(" | ", " · "),
        None => {
            let line = line.trim_start_matches('#');
            line.trim_start().trim_start_matches("- ").replace("**", "")
        }
    };
    let mut out = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let escapes = letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            out.push(letter);
        } else if let Some(kept) = letters.next() {
            out.push(kept);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    /// Each change as "place: before → after".
    fn told(before: &str, after: &str) -> Vec<String> {
        let said = |pieces: &[crate::types::DiffPiece], without: &str| -> String {
            let kept = pieces.iter().filter(|piece| piece.kind != without);
            kept.map(|piece| piece.text.as_str()).collect()
        };
        difference(before, after)
            .iter()
            .map(|change| {
                format!(
                    "{}: {} → {}",
                    change.place,
                    said(&change.pieces, "added"),
                    said(&change.pieces, "removed")
                )
            })
            .collect()
    }

    const OLD: &str = "# Login \\_page\\_\n\n## Detection\n\n| Incident | How long |\n| --- | --- |\n| A \\| B | 7 min |\n\n## What helped\n\n- **Ada** saw it\n\nMade with Debrief, 1 May 2026\n";

    #[test]
    fn lines_are_told_with_their_heading_and_without_marks() {
        let new = OLD.replace("7 min", "9 min").replace("1 May", "2 May");
        assert_eq!(
            told(OLD, &new),
            ["Detection: A | B · 7 min → A | B · 9 min"],
            "one figure changed; when it was made is none"
        );
        let new = OLD
            .replace("Login", "Sign-in")
            .replace("- **Ada** saw it\n", "- **Ada** saw it\n- Bob, too\n");
        assert_eq!(
            told(OLD, &new),
            [
                "Title: Login _page_ → Sign-in _page_",
                "What helped:  → Bob, too"
            ],
            "a changed title and a line that came"
        );
        assert_eq!(
            told(&new, OLD).last().map(String::as_str),
            Some("What helped: Bob, too → "),
            "a line that went"
        );
    }

    #[test]
    fn the_same_is_no_difference() {
        assert!(told(OLD, OLD).is_empty(), "nothing changed");
        assert!(told("", "").is_empty(), "nothing at all");
    }
}
