//! A text as the check sees it: words with their places, and stretches without space.

/// A word: letters and digits of any script.
pub struct Word<'a> {
    /// Bytes from the text's start.
    pub start: usize,
    /// Bytes from the text's start.
    pub end: usize,
    /// As it stands there.
    pub text: &'a str,
    /// In lower case and without marks on Latin letters, so that `Zoë` is found as `Zoe`.
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
        let inside = letter.is_alphanumeric() || is_mark(letter);
        match (from, inside) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                let word = text.get(start..at).unwrap_or_default();
                words.push(Word {
                    start,
                    end: at,
                    text: word,
                    plain: plain(word),
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

/// The same letters in lower case, without the marks that Latin letters can carry.
pub fn plain(word: &str) -> String {
    word.chars()
        .filter(|letter| !is_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ő' => 'o',
            'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ç' | 'ć' | 'č' => 'c',
            'ñ' | 'ń' | 'ň' => 'n',
            'ś' | 'š' | 'ş' | 'ș' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            'ý' | 'ÿ' => 'y',
            'ł' => 'l',
            'ř' => 'r',
            'ť' | 'ț' => 't',
            'ď' | 'đ' => 'd',
            'ğ' => 'g',
            letter => letter,
        })
        .collect()
}

/// Marks that stand on the letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
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
