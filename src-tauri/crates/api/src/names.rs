//! Whether two names are the same to whoever reads them.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// Whether two names are the same but for case, form, and what nobody sees (Unicode's NFKC, upper and lower case, default-ignorable
/// characters left out).
pub fn equal(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// Whether two names are [`equal`] or look alike on a screen: by the skeletons of Unicode Technical Standard 39, of the names as
/// they are written, in small letters and in capitals. Each is compared with its like alone, for a capital I looks like a small L
/// and Ian is nonetheless not Lan.
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    let small = |name: &str| seen(&name.to_lowercase()).to_lowercase();
    let capital = |name: &str| seen(&name.to_uppercase());
    let written = seen;
    small(&one) == small(&other)
        || capital(&one) == capital(&other)
        || written(&one) == written(&other)
}

/// Whether a character has no place in a name: it controls something, turns the direction of what follows, or is not seen.
/// Joiners and variation selectors are taken, for scripts and pictures need them.
pub fn is_unseen(letter: char) -> bool {
    let needed = matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    letter.is_control()
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{fff9}'..='\u{fffc}' | '\u{1d159}'
        )
        || (is_ignorable(letter) && !needed)
}

fn folded(name: &str) -> String {
    // By way of the capitals, so that ß is ss and every sigma is the same.
    plain(name).to_uppercase().to_lowercase()
}

/// A name in the form that is compared: one space between words, nothing that is not seen.
fn plain(name: &str) -> String {
    let left: String = name
        .nfkc()
        .filter(|letter| !is_ignorable(*letter))
        .collect();
    spaced(&left)
}

/// What a name looks like: its skeleton, in which letters that show nothing have become spaces.
fn seen(name: &str) -> String {
    spaced(&skeleton(name).collect::<String>())
}

/// A text with one space between its words and none around them.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `Default_Ignorable_Code_Point` of Unicode's DerivedCoreProperties.
fn is_ignorable(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_the_same() {
        for (one, other, why) in [
            ("Greg", " gREG ", "case and space around"),
            ("Zoë  Neumann", "zoe\u{308} neumann", "composed or not"),
            ("Greg", "Gr\u{200b}eg", "what nobody sees"),
            ("Greg", "Gr\u{200d}eg", "a joiner that joins nothing"),
            ("Greg", "Ｇｒｅｇ", "wide letters"),
            ("Cathy", "С\u{430}thy", "Cyrillic letters among them"),
            ("Anna", "ΑΝΝΑ", "Greek capitals"),
            ("Gale", "GaIe", "a capital I for a small L"),
            ("Bob", "B0b", "a zero for an O"),
            ("Larry", "1arry", "a one for an L"),
            ("Groß", "GROSS", "ß in capitals"),
            ("Greg", "Greg\u{2800}", "a blank of Braille behind it"),
            ("Greg Hall", "Greg\u{2800} Hall", "and between its words"),
        ] {
            assert!(
                same(one, other) && same(other, one),
                "{one:?} and {other:?}: {why}"
            );
        }
        for (one, other) in [
            ("Ian", "Lan"),
            ("Zoë", "Zoe"),
            ("Greg", "Gregor"),
            ("Debby", "Debby H."),
            ("山田", "山本"),
        ] {
            assert!(!same(one, other), "{one} and {other} are two people");
        }
        assert!(
            equal("ΣΊΣΥΦΟΣ", "σίσυφος") && !equal("Gale", "GaIe"),
            "equal is what is typed the same"
        );
    }

    #[test]
    fn what_turns_or_hides_text_has_no_place_in_a_name() {
        for letter in [
            '\u{7}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200f}',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{3164}',
            '\u{feff}',
            '\u{e0041}',
            '\u{2800}',
            '\u{fff9}',
            '\u{fffc}',
            '\u{1d159}',
        ] {
            assert!(is_unseen(letter), "{letter:?} is refused");
        }
        for letter in [
            'é', ' ', '\'', '-', 'न', '\u{94d}', '\u{200c}', '👩', '\u{fe0f}',
        ] {
            assert!(!is_unseen(letter), "{letter:?} is part of names");
        }
    }
}
