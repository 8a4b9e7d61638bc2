//! Whether a page of ours is whole: every element closed in its order, every attribute quoted, every id once, every
//! reference answered, headings in order.

use std::collections::BTreeSet;

const VOID: [&str; 4] = ["meta", "br", "hr", "img"];

/// Fails with the place where the page is not.
pub fn well_formed(page: &str) {
    let mut rest = page
        .strip_prefix("<!doctype html>")
        .expect("a page says what it is");
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut wanted = BTreeSet::new();
    let mut level = 0;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(
            open.last().is_some_and(|e| e == "style") || !text.contains('>'),
            "a bare > in {text:?}"
        );
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(
                open.pop().as_deref(),
                Some(name),
                "elements close in their order, before {rest:.80}"
            );
            continue;
        }
        let whole = tag.strip_suffix('/').unwrap_or(tag);
        let name: String = whole
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect();
        assert!(!name.is_empty(), "a bare < before {rest:.80}");
        for (key, value) in attributes(&whole[name.len()..]) {
            match key.as_str() {
                "id" => assert!(ids.insert(value.clone()), "id {value} stands twice"),
                "aria-labelledby" => wanted.extend(value.split(' ').map(str::to_owned)),
                "style" => panic!("the page's policy forbids style on {name}"),
                key => assert!(!key.starts_with("on"), "{key} would run"),
            }
        }
        if let Some(n) = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) {
            assert!(n <= level + 1, "a heading {n} follows {level}");
            level = n;
        }
        if name == "style" {
            let end = rest.find("</style>").expect("the style sheet ends");
            rest = &rest[end..];
        }
        if !whole.eq(tag) || VOID.contains(&name.as_str()) {
            continue;
        }
        open.push(name);
    }
    assert!(open.is_empty(), "{open:?} are never closed");
    for id in wanted {
        assert!(ids.contains(&id), "{id} names nothing");
    }
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (key, after) = rest
            .split_once("=\"")
            .unwrap_or_else(|| panic!("{rest:?} is no quoted attribute"));
        let (value, after) = after.split_once('"').expect("a quote ends");
        assert!(!key.contains(char::is_whitespace), "{key:?} is no name");
        out.push((key.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    out
}
