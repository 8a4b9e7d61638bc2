//! What stands in a sentence instead of a name, so that it still reads as a sentence.

use super::Unsure;
use super::find::{Found, Reading};
use super::fold::{Case, fold};
use super::mask::{end_of, start_of};
use super::roles::{Article, Label, Roles, a_or_an, capital};
use super::words as lists;

/// What Japanese and Korean put behind a name.
const HONOURS: [&str; 8] = ["さん", "さま", "ちゃん", "様", "氏", "先生", "님", "씨"];

/// One place of a text that gets other words. Bytes from the text's start.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub start: usize,
    pub end: usize,
    pub by: String,
    /// The name inside it; nothing for a pronoun.
    pub name: Option<(usize, usize)>,
    pub unsure: Unsure,
}

/// The edits that a reading asks for, in order and without overlap.
pub(super) fn edits(reading: &Reading<'_>, roles: &Roles<'_>) -> Vec<Edit> {
    let mut writer = Writer {
        reading,
        roles,
        edits: Vec::new(),
        floor: 0,
        colleagues: Vec::new(),
    };
    let found = &reading.found;
    let mut at = 0;
    while let Some(name) = found.get(at) {
        let next = writer.write(name, found.get(at + 1..).unwrap_or_default());
        at += 1 + next;
    }
    writer.edits
}

struct Writer<'a, 't> {
    reading: &'a Reading<'t>,
    roles: &'a Roles<'a>,
    edits: Vec<Edit>,
    /// Where the last edit ended.
    floor: usize,
    /// Whom an indefinite role stood for in this sentence, with its noun.
    colleagues: Vec<(Vec<usize>, String)>,
}

impl Writer<'_, '_> {
    /// Writes one name, and says how many of the following ones it covers.
    fn write(&mut self, name: &Found, following: &[Found]) -> usize {
        let text = self.reading.text;
        let label = self.roles.one_of(&name.whos);
        let mut start = name.start;
        let mut end = name.end;
        let mut possessive = name.possessive;
        let mut covered = 0;
        // The same person again, as in “Cathy <cathy@example.com>” and “Cathy (CL)”.
        for next in following {
            let between = text.get(end..next.start).unwrap_or_default();
            let tail = text.get(next.end..).unwrap_or_default();
            let same = next.whos == name.whos && !possessive;
            let trimmed = between.trim();
            let apart = trimmed.is_empty() && !between.contains('\n');
            let initial = trimmed.len() == 2 && trimmed.ends_with('.');
            let bracketed = trimmed == "(" && tail.starts_with(')') && !next.possessive;
            if !same || !(apart || initial || bracketed) || between.contains('\n') {
                break;
            }
            end = next.end + usize::from(bracketed);
            possessive = next.possessive;
            covered += 1;
        }
        if let Some(honour) = HONOURS.iter().find(|honour| {
            text.get(end..)
                .is_some_and(|tail| tail.starts_with(**honour))
        }) {
            end += honour.len();
        }
        let fresh = self
            .reading
            .starts
            .get(name.first)
            .copied()
            .unwrap_or_default();
        if self.starts_sentence_since(start) {
            self.colleagues.clear();
        }
        let edge = self.edge(start, end);
        let mut by = match edge {
            Edge::Glued => label.noun.replace([' ', '/'], "-"),
            Edge::Free => self.phrase(&label, name),
        };
        let mut first = name.first;
        if edge == Edge::Free {
            start = self.over_title(start, &mut first);
            if let Some(Intro { from, keep }) = self.introduction(name, start, end, first) {
                if keep {
                    // “our DBA Bill” is “our DBA”; the spaces before the name go with it.
                    by = String::new();
                    start = self
                        .reading
                        .words
                        .get(first.saturating_sub(1))
                        .map_or(start, |word| word.end);
                    let tail = text.get(end..).unwrap_or_default();
                    if from == Between::Brackets {
                        end += usize::from(tail.starts_with(')'));
                    } else if from == Between::Comma && tail.starts_with(',') {
                        end += 1;
                    }
                } else if let Between::Words(at) = from {
                    start = self.reading.words.get(at).map_or(start, |word| word.start);
                    first = at;
                }
            } else if let Some((from, article)) = self.article(first, start, &label) {
                start = from;
                by = article;
            }
            if let Some(to) = self.apposition(name, end).filter(|_| !possessive) {
                end = to;
            }
        }
        let starts = fresh || self.reading.starts.get(first).copied().unwrap_or_default();
        if starts && !name.small && edge == Edge::Free || name.mention && fresh {
            by = capital(&by);
        }
        by = self.padded(by, start, end);
        if possessive {
            by.push_str(if self.curly(name) { "’s" } else { "'s" });
        }
        if name.mail
            && text.get(..start).is_some_and(|left| left.ends_with("]("))
            && text.get(end..).is_some_and(|right| right.starts_with(')'))
        {
            // A link that writes to somebody: its words stay.
            let label = text.get(..start - 2).unwrap_or_default();
            let near = end_of(label, 300);
            if let Some(open) = near.rfind('[') {
                let open = open + label.len() - near.len();
                self.edits.push(Edit {
                    start: open,
                    end: open + 1,
                    by: String::new(),
                    name: None,
                    unsure: None,
                });
                start -= 2;
                end += 1;
                by.clear();
            }
        }
        start = start.max(self.floor);
        self.floor = end;
        self.edits.push(Edit {
            start,
            end,
            by,
            name: Some((name.start, end.min(name.end).max(name.start))),
            unsure: name.unsure,
        });
        covered
    }

    /// Whether a new sentence has started since the last edit.
    fn starts_sentence_since(&self, start: usize) -> bool {
        self.reading
            .words
            .iter()
            .zip(&self.reading.starts)
            .skip(
                self.reading
                    .words
                    .partition_point(|word| word.start < self.floor),
            )
            .take_while(|(word, _)| word.start <= start)
            .any(|(_, starts)| *starts)
    }

    /// The role with its article, as it fits the place.
    fn phrase(&mut self, label: &Label, name: &Found) -> String {
        if self.is_addressed(name) {
            return label.noun.clone();
        }
        if label.article != Article::A {
            return label.phrase();
        }
        let told = |(whos, noun): &(Vec<usize>, String)| (*whos == name.whos, *noun == label.noun);
        let known = self.colleagues.iter().any(|one| told(one).0);
        let another = !known && self.colleagues.iter().any(|one| told(one).1);
        // More than a few are another each.
        if !known && self.colleagues.len() < 8 {
            self.colleagues
                .push((name.whos.clone(), label.noun.clone()));
        }
        match another {
            true => format!("another {}", label.noun),
            false => label.phrase(),
        }
    }

    /// “Thanks Cathy”, “Cathy, can you look?”
    fn is_addressed(&self, name: &Found) -> bool {
        let words = &self.reading.words;
        let starts = |at: usize| self.reading.starts.get(at).copied().unwrap_or_default();
        let before = name.first.checked_sub(1);
        let greeted = before.is_some_and(|before| {
            starts(before)
                && words
                    .get(before)
                    .is_some_and(|word| lists::is_greeting(&word.text))
        });
        let tail = self.reading.text.get(name.end..).unwrap_or_default();
        let asked = (starts(name.first) || name.mention)
            && tail.starts_with([',', ':'])
            && words.get(name.after).is_some_and(|next| {
                let then = words
                    .get(name.after + 1)
                    .map_or("", |word| word.text.as_str());
                matches!(
                    next.text.as_str(),
                    "can" | "could" | "will" | "would" | "are" | "did" | "do" | "have"
                ) && matches!(then, "you" | "u")
                    || matches!(
                        next.text.as_str(),
                        "please" | "you" | "pls" | "thanks" | "thank"
                    )
            });
        greeted || asked
    }

    /// What a name is written onto: `cathy-laptop`, `/home/cathy`, `cathy2`.
    fn edge(&self, start: usize, end: usize) -> Edge {
        let text = self.reading.text;
        let left = text.get(..start).unwrap_or_default();
        let right = text.get(end..).unwrap_or_default();
        let letter = |side: Option<char>| {
            side.is_some_and(|letter| {
                letter.is_alphanumeric() && !super::fold::stands_alone(letter)
            })
        };
        let mut before = left.chars().rev();
        let mut after = right.chars();
        let (mark, far) = (before.next(), before.next());
        let glued_left = match mark {
            Some(
                '-' | '_' | '.' | '\\' | '+' | '=' | '#' | '$' | '~' | '\u{2010}' | '\u{2011}',
            ) => letter(far) || matches!(mark, Some('_' | '\\' | '=' | '#' | '$' | '~')),
            Some('/') => !letter(far) || self.in_path(start, end),
            mark => mark.is_some_and(char::is_numeric),
        };
        let (mark, far) = (after.next(), after.next());
        let glued_right = match mark {
            Some('-' | '_' | '\\' | '+' | '=' | '@' | '\u{2010}' | '\u{2011}') => {
                letter(far) || mark == Some('_') && !left.ends_with('_')
            }
            Some('.') => far.is_some_and(|far| far.is_lowercase() || far.is_numeric()),
            Some('/') => letter(far) && self.in_path(start, end),
            mark => mark.is_some_and(char::is_numeric),
        };
        match glued_left || glued_right {
            true => Edge::Glued,
            false => Edge::Free,
        }
    }

    /// Whether a name stands in the path of a file and not in a pair such as `Cathy/Greg`.
    fn in_path(&self, start: usize, end: usize) -> bool {
        let text = self.reading.text;
        let left = text.get(..start).unwrap_or_default();
        let right = text.get(end..).unwrap_or_default();
        let from = left
            .char_indices()
            .rev()
            .take(200)
            .take_while(|(_, letter)| !letter.is_whitespace())
            .last()
            .map_or(start, |(at, _)| at);
        let to: usize = right
            .chars()
            .take(200)
            .take_while(|letter| !letter.is_whitespace())
            .map(char::len_utf8)
            .sum();
        let run = text.get(from..end + to).unwrap_or_default();
        let run = run.trim_start_matches(['(', '"', '“', '\'']);
        run.starts_with(['/', '~', '.']) || run.matches('/').count() > 2 || run.contains('\\')
    }

    /// “Mr Lind”: the title goes with the name.
    fn over_title(&self, start: usize, first: &mut usize) -> usize {
        let Some(before) = first.checked_sub(1) else {
            return start;
        };
        let Some(word) = self.reading.words.get(before) else {
            return start;
        };
        let between = self.reading.text.get(word.end..start).unwrap_or_default();
        if lists::is_title(&word.text)
            && word.case != Case::Lower
            && matches!(between, " " | ". " | "\u{a0}" | ".\u{a0}")
            && word.start >= self.floor
        {
            *first = before;
            return word.start;
        }
        start
    }

    /// Who somebody is, said right before the name: “our DBA Bill”, “the engineer, Cathy,”, “the scribe (Ana)”.
    fn introduction(&self, name: &Found, start: usize, end: usize, first: usize) -> Option<Intro> {
        let words = &self.reading.words;
        let last = first.checked_sub(1)?;
        let noun = words.get(last).filter(|word| word.start >= self.floor)?;
        let between = self.reading.text.get(noun.end..start)?;
        let tail = self.reading.text.get(end..).unwrap_or_default();
        let from = match between {
            " " | "\u{a0}" => Between::Words(last),
            " (" if tail.starts_with(')') => Between::Brackets,
            ", " if tail.starts_with([',', '.', ';', '\n']) || tail.is_empty() => Between::Comma,
            _ => return None,
        };
        let called = name
            .whos
            .first()
            .map(|who| self.roles.called(*who))
            .unwrap_or_default();
        let own = called.iter().find_map(|title| {
            let length = title.split_whitespace().count();
            let at = (last + 1).checked_sub(length)?;
            let said: Vec<&str> = words
                .get(at..=last)?
                .iter()
                .map(|word| word.text.as_str())
                .collect();
            let near = words
                .get(at..=last)?
                .windows(2)
                .all(|pair| matches!(pair, [one, two] if self.reading.is_near(one, two)));
            (near && said.join(" ") == *title).then_some(at)
        });
        let at = own.or_else(|| lists::is_person_noun(&noun.text).then_some(last))?;
        words.get(at).filter(|word| word.start >= self.floor)?;
        let determined = (1..=3).any(|back| {
            let Some(place) = at.checked_sub(back) else {
                return false;
            };
            let near = words.get(place..=at).is_some_and(|part| {
                part.windows(2)
                    .all(|pair| matches!(pair, [one, two] if self.reading.is_near(one, two)))
            });
            near && words.get(place).is_some_and(|word| {
                lists::is_determiner(&word.text) && !matches!(word.text.as_str(), "that" | "this")
                    || word.text == "s"
            }) && words.get(place + 1..at).is_some_and(|part| {
                part.iter()
                    .all(|word| !lists::is_finite(&word.text) || word.text.ends_with("ed"))
            })
        });
        // “Mark, our lead Cathy knew”: a bare “lead” may be what somebody did.
        let bare_lead = !determined
            && own.is_none()
            && matches!(
                noun.text.as_str(),
                "lead" | "oncall" | "owner" | "support" | "hire" | "friend"
            );
        if bare_lead || name.mail && !determined {
            return None;
        }
        match from {
            Between::Words(_) if determined => Some(Intro { from, keep: true }),
            Between::Words(_) => Some(Intro {
                from: Between::Words(at),
                keep: false,
            }),
            Between::Brackets | Between::Comma => determined.then_some(Intro { from, keep: true }),
        }
    }

    /// “the Cathy account”, “a Greg thing”: the article is there already.
    fn article(&self, first: usize, start: usize, label: &Label) -> Option<(usize, String)> {
        let before = self.reading.words.get(first.checked_sub(1)?)?;
        let between = self.reading.text.get(before.end..start)?;
        if between.trim() != "" || between.contains('\n') || before.start < self.floor {
            return None;
        }
        match before.text.as_str() {
            "a" | "an" if before.case == Case::Lower => Some((
                before.start,
                format!("{} {}", a_or_an(&label.noun), label.noun),
            )),
            "the" | "our" | "my" | "another" | "dear" | "poor" => Some((start, label.noun.clone())),
            _ => None,
        }
    }

    /// Where a repetition of the role after a name ends: “Cathy (first responder)”, “Cathy, the first responder,”.
    fn apposition(&self, name: &Found, end: usize) -> Option<usize> {
        let tail = start_of(self.reading.text.get(end..)?, 120);
        let (open, close) = if tail.starts_with(" (") {
            (2, tail.find(')')?)
        } else if tail.starts_with(", ") {
            let rest = tail.get(2..)?;
            let length = rest
                .find([',', '.', ';', '\n', ')', ':'])
                .unwrap_or(rest.len());
            (2, 2 + length)
        } else {
            return None;
        };
        let said = fold(tail.get(open..close)?.trim());
        let said = ["the ", "our ", "an ", "a "]
            .iter()
            .find_map(|article| said.strip_prefix(article))
            .unwrap_or(&said);
        let called = name.whos.first().map(|who| self.roles.called(*who))?;
        let base = called.iter().any(|title| {
            *title == said
                || title
                    .strip_suffix(|letter: char| letter.is_ascii_alphabetic())
                    .is_some_and(|noun| noun.strip_suffix(' ') == Some(said))
        });
        if !base {
            return None;
        }
        let mark = tail.get(close..)?.chars().next();
        let swallow = matches!(mark, Some(')')) && open == 2 && tail.starts_with(" (")
            || matches!(mark, Some(','));
        Some(end + close + usize::from(swallow))
    }

    /// Whether the writer's apostrophes are curly.
    fn curly(&self, name: &Found) -> bool {
        self.reading
            .text
            .get(name.start..name.end)
            .is_some_and(|written| written.contains('’'))
    }

    /// With spaces towards letters of scripts that need none.
    fn padded(&self, by: String, start: usize, end: usize) -> String {
        if by.is_empty() {
            return by;
        }
        let text = self.reading.text;
        let alone = |letter: Option<char>| letter.is_some_and(super::fold::stands_alone);
        let left = text.get(..start).and_then(|left| left.chars().next_back());
        let right = text.get(end..).and_then(|right| right.chars().next());
        let left_space = if alone(left) || left.is_some_and(|letter| letter.is_alphabetic()) {
            " "
        } else {
            ""
        };
        let right_space = if alone(right) || right.is_some_and(|letter| letter.is_alphabetic()) {
            " "
        } else {
            ""
        };
        format!("{left_space}{by}{right_space}")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    /// Part of something longer that is no prose.
    Glued,
    /// A word of a sentence.
    Free,
}

/// What stands between somebody's role and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    /// A space; the role starts at this word.
    Words(usize),
    Brackets,
    Comma,
}

struct Intro {
    from: Between,
    /// The role before the name stays and the name goes.
    keep: bool,
}
