//! Whether a line is in English. The rules know English alone, and keep silent about other languages.

/// Words that stand in nearly every English sentence and in few others, in order.
const ENGLISH: [&str; 69] = [
    "about", "after", "all", "and", "are", "as", "at", "be", "because", "been", "but", "by", "can",
    "could", "did", "didn't", "do", "don't", "for", "from", "had", "has", "have", "he", "how", "i",
    "if", "is", "it", "it's", "its", "more", "not", "of", "on", "our", "should", "so", "some",
    "someone", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to",
    "too", "until", "up", "us", "was", "wasn't", "we", "we're", "were", "what", "when", "which",
    "who", "why", "will", "with", "would", "you", "your",
];

/// Words that stand in nearly every sentence of German, French, Spanish, Italian, Portuguese, Dutch, a Scandinavian
/// language or Polish, and that neither English nor the slang of operations has, in order.
const OTHERS: [&str; 153] = [
    "aber", "ale", "als", "aos", "att", "até", "auch", "auf", "aus", "av", "avait", "avec",
    "avons", "bei", "bij", "blev", "ces", "cette", "che", "como", "cuando", "dans", "das", "dass",
    "de", "dei", "del", "della", "delle", "dem", "den", "der", "det", "deze", "di", "dla", "durch",
    "een", "ein", "eine", "einem", "einen", "einer", "ej", "el", "elle", "esta", "este", "fallo",
    "foi", "fue", "fueron", "för", "für", "gli", "haben", "había", "hat", "hatte", "hemos", "het",
    "hubo", "hätte", "hätten", "ich", "ik", "ikke", "ils", "ingen", "inte", "ist", "jest", "kein",
    "keine", "la", "las", "le", "les", "los", "lui", "mais", "mit", "más", "nach", "nicht", "nie",
    "niet", "noch", "nosotros", "nous", "nur", "não", "och", "og", "ook", "oraz", "où", "para",
    "pas", "pela", "pelo", "pero", "por", "porque", "pour", "przez", "przy", "que", "quel", "qui",
    "sich", "sie", "sind", "się", "sollte", "sono", "sont", "sul", "tenemos", "tous", "uma", "una",
    "und", "une", "uns", "unser", "ved", "vom", "von", "voor", "vous", "wat", "weil", "wenn",
    "werden", "wie", "wij", "wir", "wurde", "wurden", "wäre", "zijn", "zum", "zur", "à", "är", "è",
    "équipe", "été", "être", "över", "über", "że",
];

/// What a line's words tell about its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// There are English function words, and more of them than of others.
    English,
    /// It is in another language, or in another script.
    Other,
    /// It is too short to tell, such as `nginx restarted`.
    Open,
}

/// The language of one line, and how many words it has.
pub fn tongue(line: &str) -> (Tongue, usize) {
    let (mut words, mut english, mut others) = (0, 0, 0);
    let (mut latin, mut foreign_script, mut accented) = (0_usize, 0_usize, false);
    let mut lower = String::new();
    for word in line.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’') {
        if word.is_empty() {
            continue;
        }
        words += 1;
        for letter in word.chars() {
            if letter < '\u{250}' {
                latin += 1;
                accented |= letter > '\u{bf}';
            } else if letter.is_alphabetic() {
                foreign_script += 1;
            }
        }
        if word.len() > 12 {
            continue;
        }
        lower.clear();
        for letter in word.chars().flat_map(char::to_lowercase) {
            lower.push(if letter == '’' { '\'' } else { letter });
        }
        if ENGLISH.binary_search(&lower.as_str()).is_ok() {
            english += 1;
        } else if OTHERS.binary_search(&lower.as_str()).is_ok() {
            others += 1;
        }
    }
    let tongue = if foreign_script > latin
        || (others > english && (others >= 2 || (accented && english == 0)))
    {
        Tongue::Other
    } else if english > 0 {
        Tongue::English
    } else {
        Tongue::Open
    };
    (tongue, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(
            ENGLISH.is_sorted() && OTHERS.is_sorted(),
            "they are searched by halves"
        );
        assert!(
            OTHERS.iter().all(|word| !ENGLISH.contains(word)),
            "a word speaks for one side alone"
        );
    }

    #[test]
    fn lines_are_told_apart() {
        for line in [
            "We should have looked at the second graph before the restart.",
            "The on-call was in a café and didn’t see the page",
            "Rolled back; it's fine now",
        ] {
            assert_eq!(tongue(line).0, Tongue::English, "English: {line}");
        }
        for line in [
            "Wir hätten die Warnung vor dem Neustart lesen sollen.",
            "Nous aurions dû regarder le deuxième graphique avec l'équipe.",
            "Deberíamos haber mirado el panel antes de reiniciar los servidores.",
            "Vi skulle ha läst varningen innan och inte efter omstarten.",
            "Следовало проверить журнал до перезапуска",
            "再起動の前にログを確認するべきだった",
        ] {
            assert_eq!(tongue(line).0, Tongue::Other, "not English: {line}");
        }
        for line in ["", "16:05 nginx restarted", "CPU 97 %, OOM, disk /var full"] {
            assert_eq!(tongue(line).0, Tongue::Open, "nobody can tell: {line}");
        }
    }
}
