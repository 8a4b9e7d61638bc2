//! Pages that were made to be looked at before they leave.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Pages that are kept; the oldest goes for a new one.
const MOST: usize = 16;
/// Bytes that they may take together; one page is always kept.
const BYTES: usize = 64 * 1024 * 1024;

/// The pages that were made last, each under a name that cannot be guessed.
#[derive(Default)]
pub struct Pages(Mutex<VecDeque<(String, Arc<str>)>>);

impl Pages {
    /// Keeps a page and gives the name that it can be looked at under, until newer ones take its place.
    pub fn keep(&self, html: String) -> String {
        let name = format!("page-{}", uuid::Uuid::new_v4().simple());
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push_back((name.clone(), html.into()));
        let all = |pages: &VecDeque<(String, Arc<str>)>| -> usize {
            pages.iter().map(|(_, html)| html.len()).sum()
        };
        while pages.len() > 1 && (pages.len() > MOST || all(&pages) > BYTES) {
            pages.pop_front();
        }
        name
    }

    /// The page of that name.
    pub fn get(&self, name: &str) -> Option<Arc<str>> {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages
            .iter()
            .find(|(kept, _)| kept == name)
            .map(|(_, html)| Arc::clone(html))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_pages_are_kept() {
        let pages = Pages::default();
        let first = pages.keep("first".into());
        let names: Vec<String> = (0..MOST)
            .map(|at| pages.keep(format!("page {at}")))
            .collect();
        assert_eq!(pages.get(&first), None, "the oldest went for a new one");
        for (at, name) in names.iter().enumerate() {
            assert_eq!(
                pages.get(name).as_deref(),
                Some(format!("page {at}").as_str()),
                "each has a name of its own"
            );
        }
        let large = pages.keep("x".repeat(BYTES + 1));
        assert!(
            pages.get(&large).is_some() && pages.get(&names[MOST - 1]).is_none(),
            "a page over the bound is kept alone"
        );
    }
}
