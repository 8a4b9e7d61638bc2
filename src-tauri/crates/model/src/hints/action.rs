//! What makes an action item hard to finish: a first verb that has no end, or two actions under one tick.

use super::subject::Look;
use super::text::Shape;
use super::words::{determiner, one_of};

/// Verbs that can go on for ever, and comparatives that stand in the place of a verb.
const VAGUE: &str = "investigate improve consider explore evaluate assess discuss revisit optimise optimize streamline \
                     enhance strengthen review ensure better more improved clearer monitor examine research analyse analyze";
/// Words behind which something stands that others can see.
const RESULT: &str =
    "until decide decision write document list publish report record prove show measure";
/// Verbs of work that is done once.
const WORK: &str = "add alert announce archive ask automate block build call change check clean close configure connect copy \
                    create cut decide delete deploy disable document drain draw drop enable encrypt expose extend file fix \
                    give hide install limit link list log make measure merge migrate move name notify page pin print protect \
                    publish put raise record reduce release remove rename repair replace report require reset restart restrict \
                    retire rewrite rotate run schedule send set shorten show shut sort split start stop store switch test tune \
                    turn update upgrade warn wire write";
/// Words after which a verb is what a thing does, or why, and no action of its own.
const NOT_OURS: &str = "to that which who so when where whether how if because make makes let lets have teach before after while";

/// The first words of an action item that has no visible end, from and to.
pub fn vague(look: &Look<'_, '_>) -> Option<(usize, usize)> {
    let at = first_word(look)?;
    let next = look.word(at + 1);
    let end = match look.word(at) {
        "look" if matches!(next, "into" | "at") => at + 2,
        "think" if next == "about" => at + 2,
        "work" if matches!(next, "on" | "towards" | "with") => at + 2,
        "follow" if next == "up" => at + 2,
        "try" if next == "to" => at + 2,
        "keep" if next == "an" && look.word(at + 2) == "eye" => at + 3,
        "keep" | "continue" if next.ends_with("ing") && next.len() > 4 => at + 2,
        "continue" if next == "to" => at + 2,
        "make" if next == "sure" => at + 2,
        "raise" if next == "awareness" => at + 2,
        word if one_of(word, VAGUE) => at + 1,
        _ => return None,
    };
    let seen = (end..look.tokens.len()).any(|at| {
        look.shape(at) == Some(Shape::Number)
            || one_of(look.word(at), RESULT)
            || look.word(at) == "so" && look.word(at + 1) == "that"
    });
    (!seen).then_some((at, end))
}

/// Where a second action begins, from and to.
pub fn second(look: &Look<'_, '_>) -> Option<(usize, usize)> {
    let first = first_word(look)?;
    if !one_of(look.word(first), WORK) || one_of(look.word(first), NOT_OURS) {
        return None;
    }
    for at in first + 1..look.tokens.len() {
        let word = look.word(at);
        if one_of(word, NOT_OURS) {
            return None;
        }
        if !matches!(word, "and" | "then") {
            continue;
        }
        // "Write and publish the page" is one piece of work.
        if at == first + 1 {
            continue;
        }
        let verb = look.skip_adverbs(at + 1, 2);
        let verb = verb + usize::from(look.word(verb) == "then");
        let object = look.word(verb + 1);
        if one_of(look.word(verb), WORK)
            && (determiner(object) || look.shape(verb + 1) == Some(Shape::Opaque))
        {
            return Some((at, verb + 1));
        }
    }
    None
}

/// The word that says what is done, behind "we will", "please", "we need to".
fn first_word(look: &Look<'_, '_>) -> Option<usize> {
    let at = (0..look.tokens.len()).find(|at| {
        !one_of(
            look.word(*at),
            "we will should must need needs to please let's let us also",
        )
    })?;
    (look.shape(at) == Some(Shape::Word)).then_some(at)
}
