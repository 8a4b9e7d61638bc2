//! What one of our pages says, as lines.

use sha2::{Digest, Sha256};

/// Words beyond this many bytes are told apart by their digest alone.
const MOST: usize = 256 * 1024;

/// The words of a page that this crate made from its built-in templates, one line for what stands between two tags: drawings'
/// titles and tables are in it too. Of a very long page it is one line with a digest, which is enough to see that another page says
/// something else.
pub fn page_words(html: &str) -> String {
    let body = html.find("<body").map_or(html, |at| html.split_at(at).1);
    let mut words = String::new();
    for part in body.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text).trim();
        if !text.is_empty() {
            words.push_str(&plain(text));
            words.push('\n');
        }
    }
    if words.len() <= MOST {
        return words;
    }
    let digest = Sha256::digest(&words);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("All words of the page, as SHA-256: {digits}\n")
}

/// Letters instead of the entities that our templates write.
fn plain(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, letter)| {
        text.replace(entity, letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_tags_is_said() {
        let page = "<html><style>a > b {}</style><body class=\"x\"><p>Tom &amp; <b>Jerry</b></p>\n<svg><title>45 min</title></svg></body>";
        assert_eq!(
            page_words(page),
            "Tom &\nJerry\n45 min\n",
            "words, without marks and style"
        );
    }

    #[test]
    fn a_long_page_is_told_apart_in_one_line() {
        let page = |last: &str| format!("<body>{}<p>{last}</p>", "<p>word</p>".repeat(60_000));
        let (one, other) = (page_words(&page("45 min")), page_words(&page("48 min")));
        assert_eq!(one.lines().count(), 1, "nothing long is kept twice");
        assert_ne!(one, other, "one word makes a difference");
    }
}
