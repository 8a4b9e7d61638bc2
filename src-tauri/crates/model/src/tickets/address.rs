//! Prefilled pages for a new issue.
//!
//! | program | page | source |
//! |---|---|---|
//! | GitHub | `/issues/new?title=&body=` | docs.github.com, "Creating an issue from a URL query" |
//! | GitLab | `/-/issues/new?issue[title]=&issue[description]=` | docs.gitlab.com, "Using a URL with prefilled values" |
//! | Jira | `/secure/CreateIssueDetails!init.jspa?pid=&issuetype=&summary=&description=` | Atlassian, "Creating issues via direct HTML links", since Jira 3.5; Jira Cloud answers it, too |
//! | Linear | `/new?title=&description=` below a workspace or team | linear.app/docs, "Create issues" |

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_segmentation::UnicodeSegmentation;

use super::draft::{Draft, Markup};
use super::{Tracker, TrackerKind, web};

/// Bytes of an address that a tracker takes. GitHub refuses addresses of more than 8,191 bytes (github/docs issue 5136),
/// and nginx, which stands before GitLab and most others, takes request lines of 8 KiB (`large_client_header_buffers`).
/// Browsers take far more; some room is left for what a sign-in page adds.
const MOST: usize = 7_000;
/// Jira runs on Tomcat, where 8 KiB (`maxHttpHeaderSize`) must hold the cookies, too.
const MOST_JIRA: usize = 4_000;
/// Said below a text that did not fit.
const SHORTENED: &str =
    "\n\n(Shortened to fit into an address. Copy it as Markdown for all of it.)";

/// The page of a tracker on which a new issue is filled in already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewIssue {
    /// The tracker.
    pub tracker: String,
    /// Its name.
    pub name: String,
    /// Where to go, http or https.
    pub address: String,
    /// The text did not fit and ends early.
    pub shortened: bool,
}

/// The page of a tracker for a new issue of a draft. None for a tracker whose address is none, which only another
/// program can have written. Texts are values of parameters and nothing else, whatever is in them.
pub fn new_issue(tracker: &Tracker, draft: &Draft) -> Option<NewIssue> {
    let mut url = web(&tracker.base)?;
    url.set_query(None);
    url.set_fragment(None);
    let (path, fixed, title_key, body_key): (&[&str], _, _, _) = match tracker.kind {
        TrackerKind::Github => (&["issues", "new"], String::new(), "title", "body"),
        TrackerKind::Gitlab => (
            &["-", "issues", "new"],
            String::new(),
            "issue%5Btitle%5D",
            "issue%5Bdescription%5D",
        ),
        TrackerKind::Jira => (
            &["secure", "CreateIssueDetails!init.jspa"],
            format!(
                "pid={}&issuetype={}&",
                encoded(&tracker.project),
                encoded(&tracker.issue_type)
            ),
            "summary",
            "description",
        ),
        TrackerKind::Linear => (&["new"], String::new(), "title", "description"),
    };
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    let (most, markup) = match tracker.kind {
        TrackerKind::Jira => (MOST_JIRA, Markup::Wiki),
        _ => (MOST, Markup::Markdown),
    };
    let head = format!(
        "{fixed}{title_key}={}&{body_key}=",
        encoded(&draft.short_title())
    );
    let room = most.saturating_sub(url.as_str().len() + 1 + head.len());
    let (body, shortened) = fitted(&draft.body(markup), room);
    url.set_query(Some(&format!("{head}{body}")));
    Some(NewIssue {
        tracker: tracker.id.clone(),
        name: tracker.name.clone(),
        address: url.into(),
        shortened,
    })
}

/// A text as the value of a parameter: everything but the unreserved characters of RFC 3986 percent-encoded.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(
                    char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()),
                );
            }
        }
    }
    out
}

/// Encodes as much of a text as fits into `room` bytes, whole letters as people see them, and says so below when that is
/// not all.
fn fitted(text: &str, room: usize) -> (String, bool) {
    let note = encoded(SHORTENED);
    let mut out = String::new();
    // Where to go back to for the note to fit, once it turns out that it is needed.
    let mut with_note = 0;
    for letter in text.graphemes(true) {
        let letter = encoded(letter);
        if out.len() + letter.len() > room {
            out.truncate(with_note);
            if with_note + note.len() <= room {
                out.push_str(&note);
            }
            return (out, true);
        }
        out.push_str(&letter);
        if out.len() + note.len() <= room {
            with_note = out.len();
        }
    }
    (out, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_unreserved_characters_stays_as_it_is() {
        assert_eq!(
            encoded("aZ0-._~"),
            "aZ0-._~",
            "these mean themselves everywhere"
        );
        assert_eq!(
            encoded(" &#=+%/?\n\"<>é😀"),
            "%20%26%23%3D%2B%25%2F%3F%0A%22%3C%3E%C3%A9%F0%9F%98%80",
            "everything else could end a value or be read as something else"
        );
    }

    #[test]
    fn a_text_is_cut_between_letters_and_says_so() {
        assert_eq!(
            fitted("abc", 3),
            ("abc".into(), false),
            "it fits to the byte"
        );
        let note = encoded(SHORTENED);
        let family = "👨\u{200D}👩\u{200D}👧";
        let text = format!("{}{}", family, "x".repeat(400));
        let room = encoded(family).len() + note.len();
        assert_eq!(
            fitted(&text, room),
            (format!("{}{note}", encoded(family)), true),
            "the family stays whole and the note fits behind it"
        );
        assert_eq!(
            fitted(&text, room - 1),
            (note.clone(), true),
            "half a family would be another picture"
        );
        assert_eq!(
            fitted(&text, 3),
            (String::new(), true),
            "no room even for the note"
        );
    }
}
