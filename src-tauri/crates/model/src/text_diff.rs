//! The smallest sensible set of edits that turns one text into another, so that what somebody else writes in it meanwhile
//! stays where it is.

/// One replacement in the old text. Positions and lengths are UTF-16 units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement<'a> {
    /// Where, in the old text.
    pub at: u32,
    /// How much of the old text goes.
    pub remove: u32,
    /// What comes instead.
    pub insert: &'a str,
}

/// Words that may differ before a stretch is replaced as a whole.
const MAX_DIFFERENCES: usize = 400;
/// Words of a stretch beyond which it is replaced as a whole.
const MAX_WORDS: usize = 20_000;

/// Replacements from `old` to `new`, in the order of their places; none when the two are equal.
pub fn replacements<'a>(old: &str, new: &'a str) -> Vec<Replacement<'a>> {
    let (start, old_middle, new_middle) = trim(old, new);
    if old_middle.is_empty() && new_middle.is_empty() {
        return Vec::new();
    }
    let base = utf16(&old[..start]);
    if old_middle.is_empty() || new_middle.is_empty() {
        return vec![Replacement {
            at: base,
            remove: utf16(old_middle),
            insert: new_middle,
        }];
    }
    let old_words = words(old_middle);
    let new_words = words(new_middle);
    let kept = if old_words.len() > MAX_WORDS || new_words.len() > MAX_WORDS {
        None
    } else {
        common_words(old_middle, &old_words, new_middle, &new_words)
    };
    let mut made = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let ends = [(old_words.len(), new_words.len())];
    for (old_next, new_next) in kept.unwrap_or_default().into_iter().chain(ends) {
        let old_from = old_words
            .get(old_at)
            .map_or(old_middle.len(), |word| word.0);
        let old_to = old_words
            .get(old_next)
            .map_or(old_middle.len(), |word| word.0);
        let new_from = new_words
            .get(new_at)
            .map_or(new_middle.len(), |word| word.0);
        let new_to = new_words
            .get(new_next)
            .map_or(new_middle.len(), |word| word.0);
        let (gone, come) = (&old_middle[old_from..old_to], &new_middle[new_from..new_to]);
        let (shared, gone, come) = trim(gone, come);
        if !gone.is_empty() || !come.is_empty() {
            let at = base + utf16(&old_middle[..old_from + shared]);
            made.push(Replacement {
                at,
                remove: utf16(gone),
                insert: come,
            });
        }
        (old_at, new_at) = (old_next + 1, new_next + 1);
    }
    made
}

/// Cuts off what two texts share at both ends: where the middle starts, and both middles.
fn trim<'o, 'n>(old: &'o str, new: &'n str) -> (usize, &'o str, &'n str) {
    let start: usize = old
        .chars()
        .zip(new.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (old, new) = (&old[start..], &new[start..]);
    let end: usize = old
        .chars()
        .rev()
        .zip(new.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    (start, &old[..old.len() - end], &new[..new.len() - end])
}

fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// Byte ranges of words; every other character is a word of its own, and so is every letter of the scripts that are written
/// without spaces.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut in_word = false;
    for (at, character) in text.char_indices() {
        let letter = character.is_alphanumeric() && character < '\u{2e80}';
        let end = at + character.len_utf8();
        match words.last_mut() {
            Some(last) if letter && in_word => last.1 = end,
            _ => words.push((at, end)),
        }
        in_word = letter;
    }
    words
}

/// Pairs of words that both texts keep, by Myers' shortest edit script; `None` when too much differs.
fn common_words(
    old: &str,
    old_words: &[(usize, usize)],
    new: &str,
    new_words: &[(usize, usize)],
) -> Option<Vec<(usize, usize)>> {
    let same = |a: usize, b: usize| {
        let (a, b) = (old_words[a], new_words[b]);
        old[a.0..a.1] == new[b.0..b.1]
    };
    let (n, m) = (old_words.len(), new_words.len());
    let limit = (n + m).min(MAX_DIFFERENCES);
    // `reach[k + limit]` is how far into the old words one gets on diagonal k.
    let mut reach = vec![0usize; 2 * limit + 2];
    let mut history: Vec<Vec<usize>> = Vec::new();
    let mut found = None;
    'search: for differences in 0..=limit {
        history.push(reach.clone());
        let signed = differences as isize;
        for diagonal in (-signed..=signed).step_by(2) {
            let index = (diagonal + limit as isize) as usize;
            let down =
                diagonal == -signed || (diagonal != signed && reach[index - 1] < reach[index + 1]);
            let mut x = if down {
                reach[index + 1]
            } else {
                reach[index - 1] + 1
            };
            let mut y = (x as isize - diagonal) as usize;
            while x < n && y < m && same(x, y) {
                x += 1;
                y += 1;
            }
            reach[index] = x;
            if x >= n && y >= m {
                found = Some(differences);
                break 'search;
            }
        }
    }
    let mut kept = Vec::new();
    let (mut x, mut y) = (n as isize, m as isize);
    for differences in (0..=found?).rev() {
        let reach = &history[differences];
        let diagonal = x - y;
        let signed = differences as isize;
        let index = (diagonal + limit as isize) as usize;
        let (from_x, from_y) = if differences == 0 {
            (0, 0)
        } else {
            let down =
                diagonal == -signed || (diagonal != signed && reach[index - 1] < reach[index + 1]);
            let previous = if down { diagonal + 1 } else { diagonal - 1 };
            let x = reach[(previous + limit as isize) as usize] as isize;
            (x, x - previous)
        };
        while x > from_x && y > from_y {
            x -= 1;
            y -= 1;
            kept.push((x as usize, y as usize));
        }
        (x, y) = (from_x, from_y);
    }
    kept.reverse();
    Some(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Replacement, replacements};

    /// Replaces from the end on, as a document does.
    fn apply(old: &str, edits: &[Replacement<'_>]) -> String {
        let mut units: Vec<u16> = old.encode_utf16().collect();
        for edit in edits.iter().rev() {
            let at = edit.at as usize;
            units.splice(at..at + edit.remove as usize, edit.insert.encode_utf16());
        }
        String::from_utf16(&units).unwrap()
    }

    proptest! {
        #[test]
        fn edits_lead_to_the_new_text(
            old in proptest::collection::vec(crate::testing::line(), 0..8),
            new in proptest::collection::vec(crate::testing::line(), 0..8),
            kept in proptest::collection::vec(any::<bool>(), 8),
        ) {
            // Some lines are in both texts, so that there is something to keep.
            let mut new = new;
            for (at, line) in old.iter().enumerate() {
                if kept[at] {
                    new.insert(at.min(new.len()), line.clone());
                }
            }
            let (old, new) = (old.join(" "), new.join(" "));
            let edits = replacements(&old, &new);
            prop_assert_eq!(apply(&old, &edits), new.clone(), "the edits must give the new text");
            let ends: Vec<u32> = edits.iter().map(|edit| edit.at + edit.remove).collect();
            let apart = edits.iter().skip(1).zip(&ends).all(|(edit, end)| edit.at >= *end);
            prop_assert!(apart, "edits must not overlap");
        }
    }

    #[test]
    fn words_in_the_middle_stay() {
        let edits = replacements("the login page was down", "our login page is down");
        let removed: u32 = edits.iter().map(|edit| edit.remove).sum();
        assert!(
            removed <= 6,
            "only what differs goes, “the” and “was”: {edits:?}"
        );
        let edits = replacements("登录页面无法访问", "登录页现在无法打开");
        assert!(
            edits.len() > 1,
            "scripts without spaces are compared by letters"
        );
    }

    #[test]
    fn quite_other_texts_are_replaced_as_a_whole() {
        let old: String = (0..3_000).map(|at| format!("a{at} ")).collect();
        let new: String = (0..3_000).map(|at| format!("b{at} ")).collect();
        let edits = replacements(&old, &new);
        assert_eq!(
            apply(&old, &edits),
            new,
            "the result is the same, found without long search"
        );
    }
}
