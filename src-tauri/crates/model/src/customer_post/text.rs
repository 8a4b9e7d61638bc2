//! A text as the check sees it: words with their places, and stretches without space.

/// A word: letters and digits of any script.
pub struct Word<'a> {
    /// Bytes from the text's start.
    pub start: usize,
    /// Bytes from the text's start.
    pub end: usize,
    /// As it stands there.
    pub text: &'a str,
    /// In lower case.
    pub plain: String,
    /// It begins a sentence, a line or a list item, where a capital says nothing.
    pub first: bool,
}

impl Word<'_> {
    /// Whether it is written with a capital.
    pub fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The words of a text in their order.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut from: Option<usize> = None;
    let mut first = true;
    let ends = [(text.len(), ' ')];
    for (at, letter) in text.char_indices().chain(ends) {
        let inside = letter.is_alphanumeric();
        match (from, inside) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                let word = text.get(start..at).unwrap_or_default();
                words.push(Word {
                    start,
                    end: at,
                    text: word,
                    plain: word.to_lowercase(),
                    first,
                });
                from = None;
                first = false;
            }
            _ => {}
        }
        if matches!(letter, '.' | '!' | '?' | ':' | '\n' | '•') {
            first = true;
        }
    }
    words
}

/// Stretches without space, without the punctuation around them, each with its start in bytes.
pub fn chunks(text: &str) -> Vec<(usize, &str)> {
    let mut chunks = Vec::new();
    let mut from: Option<usize> = None;
    let ends = [(text.len(), ' ')];
    for (at, letter) in text.char_indices().chain(ends) {
        let outside = letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '“' | '”');
        match (from, outside) {
            (None, false) => from = Some(at),
            (Some(start), true) => {
                let whole = text.get(start..at).unwrap_or_default();
                let open: &[char] = &['(', '[', '*', '_', '`', '\'', '‘', '’', ',', ';'];
                let close: &[char] = &[
                    ')', ']', '*', '_', '`', '\'', '‘', '’', ',', ';', '.', ':', '!', '?', '…',
                ];
                let inner = whole.trim_start_matches(open);
                let start = start + (whole.len() - inner.len());
                let inner = inner.trim_end_matches(close);
                if !inner.is_empty() {
                    chunks.push((start, inner));
                }
                from = None;
            }
            _ => {}
        }
    }
    chunks
}
