//! Whose an e-mail address is.

use std::ops::Range;

use super::LookKind;
use super::find::{Found, Reading, SEVERAL, Seen, preferred};
use super::fold::{Word, fold};
use super::mask::Mail;
use super::names::{Entry, Kind};
use super::roles::Roles;
use super::words as lists;

const DOMAIN: &str = "The name stands in the domain of the address, which may be a company's.";

impl Reading<'_> {
    /// Takes an e-mail address: somebody's, or one to look at. Gives the word after it.
    pub fn mail(&mut self, roles: &Roles<'_>, mail: &Mail, first: usize) -> usize {
        let after = first
            + self.words[first..]
                .iter()
                .take_while(|word| word.start < mail.end)
                .count();
        let (whos, elsewhere) = match self.whose(roles, mail, first) {
            whos if whos.is_empty() => (self.in_domain(roles, mail, first), Some(DOMAIN)),
            whos => (whos, None),
        };
        if whos.is_empty() {
            self.seen.push(Seen {
                start: mail.address.start,
                end: mail.address.end,
                kind: LookKind::Mail,
            });
            return after;
        }
        self.found.push(Found {
            start: mail.start,
            end: mail.end,
            first,
            after,
            unsure: elsewhere.or((whos.len() > 1).then_some(SEVERAL)),
            whos,
            possessive: false,
            small: false,
            mail: true,
            mention: false,
        });
        after
    }

    /// Whose address it is: by the whole of it, or by a name in its local part.
    fn whose(&self, roles: &Roles<'_>, mail: &Mail, first: usize) -> Vec<usize> {
        let address = self.text.get(mail.address.clone()).unwrap_or_default();
        let folded = fold(address);
        for forms in [&roles.known.forms, &roles.own] {
            if let Some(who) = forms.mails.get(&folded) {
                return vec![*who];
            }
        }
        let at = mail.address.start + address.find('@').unwrap_or_default();
        let local = self.part_of(first, mail.address.start..at);
        self.named_in(roles, local, |entry, words, whole| {
            whole || words.len() > 1 || is_plain(entry, words)
        })
    }

    /// Whom the domain of an address names, where the rest of it names nobody: `hello@cathy-brandt.example`.
    fn in_domain(&self, roles: &Roles<'_>, mail: &Mail, first: usize) -> Vec<usize> {
        let address = self.text.get(mail.address.clone()).unwrap_or_default();
        let at = mail.address.start + address.find('@').unwrap_or_default();
        let domain = self.part_of(first, at..mail.address.end);
        self.named_in(roles, domain, |entry, words, _| {
            let company = words.iter().all(|word| {
                roles.known.service_words.contains(&word.text)
                    || lists::is_capitalised(&word.text)
                    || lists::is_group(&word.text)
            });
            !company && (words.len() > 1 || is_plain(entry, words))
        })
    }

    /// The words of a stretch of the text, from a word on.
    fn part_of(&self, first: usize, part: Range<usize>) -> &[Word] {
        let words = self.words.get(first..).unwrap_or_default();
        let from = words.partition_point(|word| word.start < part.start);
        let to = words.partition_point(|word| word.start < part.end);
        words.get(from..to).unwrap_or_default()
    }

    /// Whom some words of an address name: the first of them who is meant, given what names them and whether that is all
    /// of the words.
    fn named_in(
        &self,
        roles: &Roles<'_>,
        words: &[Word],
        is_meant: impl Fn(&Entry, &[Word], bool) -> bool,
    ) -> Vec<usize> {
        for from in 0..words.len() {
            let mut best = Vec::new();
            for book in roles.books() {
                let forms = book.forms;
                let mut place = Some(forms.trie.root());
                for (to, word) in words.iter().enumerate().skip(from) {
                    place = place.and_then(|place| forms.trie.step(place, &word.text));
                    let Some(place) = place else { break };
                    let named = words.get(from..=to).unwrap_or_default();
                    let whole = named.len() == words.len();
                    let entries = book.at(place).iter();
                    best.extend(
                        entries
                            .filter(|entry| is_meant(entry, named, whole))
                            .map(|entry| entry.who),
                    );
                }
            }
            if !best.is_empty() {
                return preferred(roles, best);
            }
        }
        Vec::new()
    }
}

/// Whether one word of an address is a name and no ordinary word.
fn is_plain(entry: &Entry, words: &[Word]) -> bool {
    entry.kind != Kind::Alias
        && words
            .iter()
            .all(|word| lists::class(&word.text).is_none() && word.text.chars().count() > 2)
}
