//! Where sentences start, and which lines are headings with every word large.

use std::collections::HashSet;

use super::fold::{Case, Word};
use super::words as lists;

/// A line that was wrapped goes on in the next; one this long is taken for wrapped.
const WRAPPED: usize = 60;

/// Whether each word starts a sentence, a list item or a line.
pub(super) fn starts(text: &str, words: &[Word]) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(words.len());
    let mut last: Option<&Word> = None;
    for word in words {
        let start = match last {
            None => true,
            Some(before) => {
                let between = text.get(before.end..word.start).unwrap_or_default();
                let numbered =
                    before.digits && out.last() == Some(&true) && !between.contains('\n');
                numbered || ends(text, before, between)
            }
        };
        out.push(start);
        last = Some(word);
    }
    out
}

/// Whether what stands between two words ends a sentence.
fn ends(text: &str, before: &Word, between: &str) -> bool {
    if between.contains('。') || between.contains('！') || between.contains('？') {
        return true;
    }
    if let Some((first, rest)) = between.split_once('\n') {
        let marked = rest
            .trim_start()
            .starts_with(['-', '*', '#', '>', '|', '+', '•', '[', '(', '"', '“', '@']);
        let closed = first
            .trim_end()
            .ends_with(['.', '!', '?', ':', ';', '|', '…', '”', '"', ')', '*']);
        let line = text.get(..before.end).unwrap_or_default();
        let length = line.rsplit('\n').next().unwrap_or_default().len();
        return marked || closed || rest.contains('\n') || length < WRAPPED;
    }
    if between.contains('|') {
        return true;
    }
    let mut marks = between
        .chars()
        .filter(|mark| !matches!(mark, '*' | '_' | ')' | '”' | '’' | '\''));
    let mut last = ' ';
    let mut stopped = false;
    let initial = before.text.chars().count() == 1 && before.case == Case::Capital
        || lists::is_title(&before.text);
    for mark in marks.by_ref() {
        if mark.is_whitespace() && matches!(last, '.' | '!' | '?' | '…') {
            stopped = !(last == '.' && initial);
        }
        if matches!(mark, '“' | '"' | '«')
            && matches!(last, ' ' | ':' | ',')
            && between.contains([':', ','])
        {
            stopped = true;
        }
        last = mark;
    }
    stopped
}

/// Words of lines in which every longer word is large: there, a large letter says nothing.
pub(super) fn titled(text: &str, words: &[Word]) -> HashSet<usize> {
    let mut out = HashSet::new();
    let mut line: Vec<usize> = Vec::new();
    let mut close = |line: &mut Vec<usize>| {
        let longer = || {
            line.iter()
                .filter_map(|at| words.get(*at))
                .filter(|word| word.text.chars().count() > 3)
        };
        let listed = line.first().zip(line.last()).is_some_and(|(first, last)| {
            let (first, last) = (words.get(*first), words.get(*last));
            let line = first.zip(last).and_then(|(a, b)| text.get(a.start..b.end));
            line.is_some_and(|line| line.contains([',', '&', '(', '@', ';']))
        });
        if !listed
            && line.len() > 2
            && longer().count() > 1
            && longer().all(|word| word.case != Case::Lower)
        {
            out.extend(line.iter().copied());
        }
        line.clear();
    };
    let mut last = 0;
    for (at, word) in words.iter().enumerate() {
        if text
            .get(last..word.start)
            .is_some_and(|between| between.contains('\n'))
        {
            close(&mut line);
        }
        line.push(at);
        last = word.end;
    }
    close(&mut line);
    out
}
