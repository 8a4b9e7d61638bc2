//! Text as words that can be compared: without case, accents and invisible letters, whatever the script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::mask::{Hidden, Mask};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// In a script without cases, or a number.
    None,
    /// `cathy`.
    Lower,
    /// `Cathy`, and any mixture that starts with a capital.
    Capital,
    /// `CATHY`, two letters or more.
    Upper,
}

/// One word. Where a script puts no spaces between words, each letter is one.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Bytes from the text's start.
    pub start: usize,
    /// Bytes from the text's start.
    pub end: usize,
    /// Folded.
    pub text: String,
    /// How it is written.
    pub case: Case,
    /// Made of digits alone.
    pub digits: bool,
    /// It stands in code or an address.
    pub hidden: Option<Hidden>,
}

/// A word or name without case, accents and invisible letters: `Zoë` and `ZOE` are both `zoe`.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfkd() {
        if is_combining_mark(letter) || is_invisible(letter) {
            continue;
        }
        for small in letter.to_lowercase() {
            match small {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'þ' => out.push_str("th"),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                'đ' | 'ð' => out.push('d'),
                'ħ' => out.push('h'),
                'ı' => out.push('i'),
                'ς' => out.push('σ'),
                '\u{307}' => {}
                other => out.push(other),
            }
        }
    }
    out
}

/// How a word with umlauts is written on keyboards without them: `mueller` for `Müller`. Nothing when it has none.
pub(super) fn spelled_out(text: &str) -> Option<String> {
    let whole: String = text.nfc().flat_map(char::to_lowercase).collect();
    let spelled = whole
        .replace(['ä', 'æ'], "ae")
        .replace(['ö', 'ø'], "oe")
        .replace('ü', "ue")
        .replace('å', "aa");
    (spelled != whole).then(|| fold(&spelled))
}

/// Letters that nobody sees: zero-width ones, marks of direction, soft hyphens.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Letters of scripts that put no spaces between words, or that glue endings to names.
pub(super) fn stands_alone(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1100..=0x115f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x20000..=0x3ffff)
}

/// The words of a text, in order; those in a mask know where they are hidden.
pub(super) fn words(text: &str, masks: &[Mask]) -> Vec<Word> {
    let mut out = Vec::new();
    let mut masks = masks.iter().peekable();
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        if !letter.is_alphanumeric() {
            continue;
        }
        let mut end = start + letter.len_utf8();
        let digits = letter.is_numeric();
        let alone = stands_alone(letter);
        while let Some(&(at, next)) = letters.peek() {
            let attached = is_combining_mark(next) || is_invisible(next);
            let same = !alone
                && next.is_alphanumeric()
                && next.is_numeric() == digits
                && !stands_alone(next);
            if !attached && !same {
                break;
            }
            end = at + next.len_utf8();
            letters.next();
        }
        let written = text.get(start..end).unwrap_or_default();
        // Invisible letters behind a word belong to what follows.
        let written = written.trim_end_matches(is_invisible);
        let end = start + written.len();
        while masks.next_if(|mask| mask.end <= start).is_some() {}
        let hidden = masks.peek().filter(|mask| mask.start <= start);
        out.push(Word {
            start,
            end,
            text: fold(written),
            case: case(written),
            digits,
            hidden: hidden.map(|mask| mask.hidden),
        });
    }
    out.retain(|word| !word.text.is_empty());
    out
}

fn case(word: &str) -> Case {
    let Some(first) = word.chars().next() else {
        return Case::None;
    };
    let letters = || word.chars().filter(|letter| letter.is_alphabetic());
    if first.is_uppercase() {
        match letters().count() > 1 && letters().all(|letter| !letter.is_lowercase()) {
            true => Case::Upper,
            false => Case::Capital,
        }
    } else if first.is_lowercase() {
        Case::Lower
    } else {
        Case::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_what_keyboards_leave_out() {
        for (one, other) in [
            ("Zoë", "zoe"),
            ("Zoe\u{308}", "ZOE"),
            ("Ｃａｔｈｙ", "cathy"),
            ("Ca\u{200b}thy", "Cathy"),
            ("Søren", "soren"),
            ("Łukasz", "Lukasz"),
            ("İpek", "ipek"),
            ("Ἰάσων", "ιασων"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} is {other}");
        }
        assert_eq!(
            spelled_out("Müller").as_deref(),
            Some("mueller"),
            "as it is written without umlauts"
        );
        assert_eq!(spelled_out("Miller"), None, "nothing to spell out");
    }

    #[test]
    fn words_end_where_letters_do() {
        let found = |text: &str| -> Vec<String> {
            words(text, &[]).into_iter().map(|word| word.text).collect()
        };
        assert_eq!(
            found("Cathy's o'clock2"),
            ["cathy", "s", "o", "clock", "2"],
            "apostrophes and digits part words"
        );
        assert_eq!(
            found("田中さん Ana"),
            ["田", "中", "さ", "ん", "ana"],
            "each letter alone where there are no spaces"
        );
    }
}
