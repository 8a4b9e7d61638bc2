//! Sequences of words that are looked for, all at once: each step of a text costs one look-up, however many there are.

use std::collections::HashMap;

/// A trie over words, with what is known about each sequence.
#[derive(Debug)]
pub(super) struct Trie<T> {
    words: HashMap<String, u32>,
    steps: HashMap<(u32, u32), u32>,
    ends: Vec<Vec<T>>,
}

/// A place in the trie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place(u32);

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            steps: HashMap::new(),
            ends: vec![Vec::new()],
        }
    }
}

impl<T: PartialEq> Trie<T> {
    /// Adds what is known about a sequence, once.
    pub fn insert<S: AsRef<str>>(&mut self, sequence: &[S], what: T) {
        if sequence.is_empty() {
            return;
        }
        let mut at = 0;
        for word in sequence {
            let fresh = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            let word = match self.words.get(word.as_ref()) {
                Some(known) => *known,
                None => *self.words.entry(word.as_ref().to_owned()).or_insert(fresh),
            };
            let next = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
            at = *self.steps.entry((at, word)).or_insert(next);
            if at == next {
                self.ends.push(Vec::new());
            }
        }
        if let Some(ends) = usize::try_from(at)
            .ok()
            .and_then(|at| self.ends.get_mut(at))
            && ends.last() != Some(&what)
        {
            ends.push(what);
        }
    }
}

impl<T> Trie<T> {
    /// Where every sequence starts.
    pub fn root(&self) -> Place {
        Place(0)
    }

    /// One word on.
    pub fn step(&self, from: Place, word: &str) -> Option<Place> {
        let word = self.words.get(word)?;
        self.steps.get(&(from.0, *word)).map(|next| Place(*next))
    }

    /// What is known about the sequence that ends here.
    pub fn at(&self, place: Place) -> &[T] {
        usize::try_from(place.0)
            .ok()
            .and_then(|at| self.ends.get(at))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Sequences about which more is known than this.
    pub fn crowded(&self, more_than: usize) -> Vec<Place> {
        (0..)
            .zip(&self.ends)
            .filter(|(_, ends)| ends.len() > more_than)
            .map(|(at, _)| Place(at))
            .collect()
    }
}
