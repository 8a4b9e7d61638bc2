//! The rules. Each looks at one sentence from one word on; none looks further than a few words or once over it.

use super::subject::{Look, People, Subject};
use super::text::{Parsed, Shape};
use super::words::{
    adverb, attempt, averting, care, causing, comparative, denying, describing, determiner,
    finding_out, guarding, harm, human_act, knowing, name_and_word, one_of, opens_phrase, outsider,
    participle, past_action, perception, person_noun, person_pronoun, reception, recovery, risk,
    shared_act,
};
use super::{Hint, HintKind, HintRule, HintStrength};

use HintRule::{R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, R12, R13, R14, R15};
use HintStrength::{Soft, Strong};

/// Runs all rules over a text.
pub fn all(parsed: &Parsed<'_>, kind: HintKind, people: &People) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut root_cause_told = false;
    for sentence in &parsed.sentences {
        let tokens = &parsed.tokens[sentence.tokens.clone()];
        let look = Look::new(tokens, people);
        let mut rules = Rules {
            facts: Facts::new(&look),
            look,
            kind,
            heading: sentence.heading,
            root_cause_told: &mut root_cause_told,
            hints: &mut hints,
        };
        rules.run();
    }
    hints
}

/// What rules ask about a whole sentence, found out once.
struct Facts {
    /// "in hindsight", "in retrospect".
    hindsight: bool,
    /// Where the last "would have", "could have" or "might have" starts.
    outcome: Option<usize>,
    /// Where the first "if" or "assuming" stands.
    condition: bool,
    /// Where the last "but it", "but the" stands: what spoke against it then.
    reason: Option<usize>,
    /// Where the first "if" or "whether" stands.
    whether: Option<usize>,
    /// "by now", "at this point", "for all users".
    hoped: bool,
    /// It has "should", "ought" or "could have".
    judged: bool,
    /// It has "will", "must", or a verb of looking or checking.
    resolve: bool,
    /// It has a pronoun for people, or a name.
    person: bool,
    /// It says that nobody is to blame.
    blameless: bool,
    /// Where the last word of comparison stands.
    comparative: Option<usize>,
}

impl Facts {
    fn new(look: &Look<'_, '_>) -> Self {
        let mut facts = Self {
            hindsight: false,
            outcome: None,
            condition: false,
            reason: None,
            whether: None,
            hoped: false,
            judged: false,
            resolve: false,
            person: false,
            blameless: false,
            comparative: None,
        };
        for (at, token) in look.tokens.iter().enumerate() {
            let word = token.word.as_ref();
            facts.person |= person_pronoun(word) || look.people.names(token);
            facts.resolve |= one_of(
                word,
                "should will must need check ask test read remember try verify
                        double-check think use look",
            );
            facts.judged |= matches!(word, "should" | "ought")
                || word == "could" && look.word(look.skip_adverbs(at + 1, 3)) == "have";
            if word == "but" && one_of(look.word(at + 1), "it its this that the there") {
                facts.reason = Some(at);
            }
            if facts.whether.is_none() && matches!(word, "if" | "whether") {
                facts.whether = Some(at);
            }
            match word {
                "hindsight" | "retrospect" | "retrospectively" => facts.hindsight = true,
                "if" | "assuming" | "assume" | "expect" | "expected" | "presumably" => {
                    facts.condition = true
                }
                "would" | "could" | "might" | "'d" => {
                    let next = look.skip_adverbs(at + 1, 3);
                    if look.word(next) == "have" || look.word(at) == "would" {
                        facts.outcome = Some(at);
                    }
                }
                "by" if matches!(look.word(at + 1), "now" | "then")
                    || look.shape(at + 1) == Some(Shape::Number) =>
                {
                    facts.hoped = true;
                }
                "point" if look.before(at, 1) == "this" => facts.hoped = true,
                "users" | "customers" if matches!(look.before(at, 1), "all" | "most") => {
                    facts.hoped = true
                }
                "blameless" | "blamelessly" | "blame-free" => facts.blameless = true,
                word if comparative(word) => facts.comparative = Some(at),
                _ => {}
            }
        }
        facts
    }
}

struct Rules<'r, 's, 'a> {
    look: Look<'s, 'a>,
    facts: Facts,
    kind: HintKind,
    heading: bool,
    root_cause_told: &'r mut bool,
    hints: &'r mut Vec<Hint>,
}

impl Rules<'_, '_, '_> {
    fn run(&mut self) {
        for at in 0..self.look.tokens.len() {
            match self.look.shape(at) {
                Some(Shape::Word | Shape::Handle) => self.word(at),
                _ => continue,
            }
        }
        self.names();
        match self.kind {
            HintKind::Finding => self.remedy(),
            HintKind::Timeline => self.event(),
            HintKind::Action => self.one_that_ends(),
            HintKind::Section => {}
        }
    }

    fn word(&mut self, at: usize) {
        match self.look.word(at) {
            "should" | "could" | "would" | "might" => self.modal(at, at + 1),
            "ought" if self.look.word(at + 1) == "to" => self.modal(at, at + 2),
            "ought" if self.look.word(at + 2) == "to" && self.look.word(at + 1) == "not" => {
                self.modal(at, at + 3);
            }
            "if" | "had" => self.conditional(at),
            "wish" | "wishes" => self.wish(at),
            "fail" | "fails" | "failed" | "neglect" | "neglected" | "omitted" => {
                self.omission(at, true)
            }
            "forgot" | "forgotten" | "overlooked" | "ignored" | "disregarded" | "missed" => {
                self.omission(at, false);
            }
            "failure" | "failing" => self.failure(at),
            "did" | "never" | "nobody" => self.undone(at),
            "one" if self.look.before(at, 1) == "no" => self.undone(at),
            "lack" => self.lack(at),
            "avoidable" | "preventable" => {
                if !self.denied_before(at) {
                    self.hint(R2, Soft, at, at + 1);
                }
            }
            "forget" => {
                let look = &self.look;
                let reminds = look.before(at, 1) == "not" && look.before(at, 2) == "do";
                if reminds && look.word(at + 1) == "to" && self.is_advice(at - 2) {
                    self.hint(R9, Strong, at - 2, at + 2);
                }
            }
            "accidentally" | "mistakenly" | "inadvertently" | "erroneously" => self.slip(at),
            "error" | "errors" | "mistake" | "mistakes" | "oversight" | "oversights" => {
                self.human_error(at)
            }
            "hindsight" | "retrospect" => self.hindsight(at),
            "obvious" | "obviously" | "clearly" => self.obvious(at),
            "only" if self.look.before(at, 1) == "if" => {
                if self.look.subject_after(at + 1).is_some() {
                    self.hint(R7, Soft, at - 1, at + 1);
                }
            }
            "cause" | "causes" if self.look.before(at, 1) == "root" => self.root_cause(at),
            "root-cause" => self.root_cause(at),
            "careful" | "carefully" | "mindful" | "vigilant" | "diligent" | "cautious"
            | "attentive" => {
                self.careful(at);
            }
            "attention" => self.attention(at),
            "care" => self.take_care(at),
            "remember" => self.remember(at),
            "harder" if matches!(self.look.before(at, 1), "try" | "work") => {
                if self.is_advice(at - 1) {
                    self.hint(R9, Strong, at - 1, at + 1);
                }
            }
            "remind" | "retrain" | "tell" | "re-train" => self.tell(at, Strong),
            "train" | "educate" | "teach" | "instruct" => self.tell(at, Soft),
            "ensure" | "sure" => self.ensure(at),
            "time" if self.look.before(at, 1) == "next" => self.next_time(at),
            "why" => self.why(at),
            "fault" => self.fault(at),
            "blame" => self.blame(at),
            word => {
                if let Some(strength) = judging(word) {
                    self.judgement(at, strength);
                }
            }
        }
    }

    // R1, R2: should have, could have.

    fn modal(&mut self, modal: usize, mut at: usize) {
        let look = &self.look;
        let mut negated = false;
        let most = at + 5;
        while at < most && look.shape(at) == Some(Shape::Word) && adverb(look.word(at)) {
            negated |= matches!(look.word(at), "not" | "never");
            at += 1;
        }
        if look.word(at) == "of" && look.word(at + 1) == "course" {
            at = look.skip_adverbs(at + 2, 2);
        }
        at = look.skip_aside(at);
        // "should of" is heard so.
        if !matches!(look.word(at), "have" | "of") {
            self.inverted(modal, at);
            return;
        }
        let have = at;
        let mut verb = look.skip_adverbs(have + 1, 5);
        negated |= (have..verb).any(|place| matches!(look.word(place), "not" | "never"));
        // "should have, in hindsight, checked".
        verb = look.skip_aside(verb);
        if matches!(look.word(verb), "double" | "triple" | "cross") {
            verb += 1;
        }
        if look.shape(verb) != Some(Shape::Word) || !participle(look.word(verb)) {
            return;
        }
        let subject = look.subject(modal);
        if look.word(verb) == "been" {
            self.been(modal, negated, verb, subject);
        } else {
            self.counterfactual(modal, negated, verb, subject);
        }
    }

    /// "Should somebody have …?", "Could we have …?": a question, but about another past.
    fn inverted(&mut self, modal: usize, at: usize) {
        if !matches!(self.look.word(modal), "should" | "could") {
            return;
        }
        let Some(end) = self.look.subject_after(at) else {
            // "Could this have been prevented?"
            let end = (at + 6).min(self.look.tokens.len());
            let averted = (at..end).find(|place| {
                matches!(self.look.word(*place), "prevented" | "avoided")
                    && self.look.before(*place, 1) == "been"
            });
            if let Some(averted) = averted
                && matches!(self.look.word(at), "this" | "it" | "that" | "the")
            {
                self.hint(R2, Soft, modal, averted + 1);
            }
            return;
        };
        let have = self.look.skip_adverbs(end, 3);
        let verb = self.look.skip_adverbs(have + 1, 3);
        if self.look.word(have) == "have" && participle(self.look.word(verb)) {
            self.hint(R1, Soft, modal, verb + 1);
        }
    }

    fn counterfactual(&mut self, modal: usize, negated: bool, verb: usize, subject: Subject) {
        let look = &self.look;
        let done = look.word(verb);
        let next = look.tokens.get(verb + 1);
        let noun_behind = next.is_some_and(|next| {
            matches!(next.shape, Shape::Word | Shape::Opaque) && !opens_phrase(&next.word)
        });
        // "we should have automated alerts" is a wish for later.
        if describing(done) && noun_behind {
            return;
        }
        // "read access" and "read replicas" are things to have, "run books" too.
        if matches!(done, "read" | "run" | "split" | "cut")
            && one_of(
                look.word(verb + 1),
                "access replica replicas permission permissions rights books book",
            )
        {
            return;
        }
        match (look.word(modal), subject) {
            ("should" | "ought", Subject::Person(from)) => {
                let rule = if knowing(done) { R7 } else { R1 };
                let strength = self.judged_knowing(verb);
                if let Some(strength) = strength {
                    self.hint(rule, strength, from, verb + 1);
                }
            }
            ("should" | "ought", Subject::Nobody(from)) => self.hint(R1, Soft, from, verb + 1),
            ("should" | "ought", Subject::Unknown | Subject::Thing) => {
                let machine = self.facts.hoped
                    || perception(done)
                    || reception(done)
                    || recovery(done)
                    || one_of(
                        done,
                        "had happened occurred worked taken existed resulted sufficed",
                    );
                if negated && matches!(done, "happened" | "occurred") {
                    self.hint(R2, Soft, modal, verb + 1);
                } else if !machine || done == "known" {
                    let strength = if done == "known" && subject == Subject::Unknown {
                        Strong
                    } else {
                        Soft
                    };
                    self.hint(
                        if strength == Strong { R7 } else { R1 },
                        strength,
                        modal,
                        verb + 1,
                    );
                }
            }
            ("could", Subject::Person(from)) => {
                // "we could not have known" defends, "how we could have" asks, "all we could have done" weighs.
                let before = look.before(from, 1);
                let weighs = one_of(
                    before,
                    "how whether what if than as where assume assumed thought think
                        believe believed thing things nothing anything everything all
                        option options way ways",
                );
                let better = self.facts.comparative.is_some_and(|place| place > verb);
                let reasoned = self.facts.reason.is_some_and(|place| place > verb);
                let improvable = one_of(before, "thing things anything everything all way ways");
                let soft = negated
                    || risk(done)
                    || done == "helped"
                    || reasoned
                    || weighs && !(better && improvable);
                self.hint(R1, if soft { Soft } else { Strong }, from, verb + 1);
            }
            ("would" | "might", Subject::Person(from)) => self.hint(R1, Soft, from, verb + 1),
            ("could" | "would" | "might", Subject::Thing | Subject::Unknown)
                if averting(done) && !negated =>
            {
                self.hint(R3, Soft, modal, verb + 1);
            }
            _ => {}
        }
    }

    /// How sure it is that "should have" about people judges them; absent where it infers or hopes.
    fn judged_knowing(&self, verb: usize) -> Option<HintStrength> {
        let look = &self.look;
        let done = look.word(verb);
        let hindsight = self.facts.hindsight;
        if reception(done) && !hindsight {
            return None;
        }
        if recovery(done) && self.facts.hoped {
            return None;
        }
        if perception(done) {
            let object = look.word(look.skip_adverbs(verb + 1, 2));
            // "we should have seen more failures if …" tells what was expected of the system.
            let amount = one_of(object, "a an more many some increasing several no lots")
                || look.word(verb + 1) == "more";
            if self.facts.condition && !hindsight {
                return None;
            }
            if amount && !hindsight {
                return Some(Soft);
            }
        }
        Some(Strong)
    }

    fn been(&mut self, modal: usize, negated: bool, been: usize, subject: Subject) {
        let look = &self.look;
        let mut at = look.skip_adverbs(been + 1, 4);
        // "been faster", but "been better tested".
        if at > been + 1
            && comparative(look.word(at - 1))
            && !participle(look.word(at))
            && !is_state(look.word(at))
        {
            at -= 1;
        }
        let done = look.word(at);
        let adverbs = || (modal..at).map(|place| look.word(place));
        let measured =
            look.word(been + 1) == "more" || look.word(been + 1) == "better" || comparative(done);
        let state = is_state(done);
        let word = look.word(modal);
        if let Subject::Person(from) = subject {
            match word {
                "should" | "ought" if done == "next" => self.hint(R2, Strong, from, at + 1),
                "should" | "ought" if state || measured => self.hint(R1, Strong, from, at + 1),
                "should" | "ought" if done == "able" && !self.facts.hindsight => {}
                "should" | "ought" if participle(done) && !recovery(done) => {
                    self.hint(R2, Soft, from, at + 1)
                }
                "could" if (state || measured) && !negated => self.hint(R1, Strong, from, at + 1),
                "would" if state || participle(done) => self.hint(R1, Soft, from, at + 1),
                _ => {}
            }
            return;
        }
        let known = human_act(done) || shared_act(done);
        if outsider(look.before(look.skip_back(modal), 1)) && !known {
            return;
        }
        let (by_machine, by_person, by_time) = self.agent(at);
        let automatic = adverbs()
            .any(|word| matches!(word, "automatically" | "already" | "normally" | "now"))
            || look.word(at + 1) == "automatically";
        match word {
            "should" | "ought" => {
                if by_time || self.facts.hoped && !negated {
                    return;
                }
                if done == "next" {
                    self.hint(R2, Strong, modal, at + 1);
                } else if look.before(modal, 1) == "there" {
                    self.hint(R2, Soft, modal, been + 1);
                } else if matches!(done, "obvious" | "evident") {
                    self.hint(R7, Strong, modal, at + 1);
                } else if negated && (human_act(done) || shared_act(done)) {
                    self.hint(R2, Strong, modal, at + 1);
                } else if human_act(done) {
                    let asked = self.facts.whether.is_some_and(|place| place < modal);
                    let soft = by_machine || automatic || asked;
                    self.hint(R2, if soft { Soft } else { Strong }, modal, at + 1);
                } else if by_person && participle(done) {
                    self.hint(R2, Strong, modal, at + 1);
                } else if shared_act(done) && !automatic && !by_machine {
                    self.hint(R2, Soft, modal, at + 1);
                } else if measured && participle(look.word(look.skip_adverbs(at + 1, 1))) {
                    self.hint(R2, Strong, modal, at + 1);
                }
            }
            "could" | "might" if !negated => {
                if matches!(done, "avoided" | "prevented" | "averted") {
                    self.hint(R2, Strong, modal, at + 1);
                } else if finding_out(done) {
                    let better =
                        !by_machine && self.facts.comparative.is_some_and(|place| place > been);
                    self.hint(R2, if better { Strong } else { Soft }, modal, at + 1);
                }
            }
            "would" if !negated && averting(done) => self.hint(R3, Soft, modal, at + 1),
            "would" if look.before(modal, 1) == "it" && comparative(done) => {
                self.hint(R7, Soft, modal, at + 1);
            }
            _ => {}
        }
    }

    /// Who did it, after a passive: by a machine, by a person, by a time.
    fn agent(&self, verb: usize) -> (bool, bool, bool) {
        let look = &self.look;
        let Some(by) =
            (verb + 1..(verb + 4).min(look.tokens.len())).find(|place| look.word(*place) == "by")
        else {
            return (false, false, false);
        };
        let next = look.word(by + 1);
        if matches!(next, "now" | "then" | "that" | "this")
            || look.shape(by + 1) == Some(Shape::Number)
        {
            return (false, false, true);
        }
        if next.ends_with("ing") || next == "default" {
            return (false, false, false);
        }
        let person =
            look.subject_after(by + 1).is_some() || matches!(next, "us" | "me" | "them" | "him");
        (!person, person, false)
    }

    // R3: if somebody had.

    fn conditional(&mut self, at: usize) {
        let look = &self.look;
        let (had, start) = if look.word(at) == "if" {
            if matches!(look.before(at, 1), "as" | "even" | "only")
                || matches!(look.word(at + 1), "only" | "any")
            {
                return;
            }
            (None, at)
        } else {
            // "Had we known …": at the start of a clause, in front of its subject.
            let opens = at == 0
                || matches!(
                    look.shape(at - 1),
                    Some(Shape::Comma | Shape::Dash | Shape::Colon | Shape::Open)
                )
                || matches!(look.before(at, 1), "and" | "but" | "or");
            if !opens {
                return;
            }
            (Some(at), at)
        };
        let outcome = self.facts.outcome.is_some();
        let Some(from) = look.subject_after(at + 1) else {
            // If a thing had.
            if outcome && self.thing_had(at) {
                self.hint(R3, Soft, start, at + 1);
            }
            return;
        };
        let mut verb = look.skip_adverbs(from, 4);
        if had.is_none() {
            let helps = look.word(verb);
            if !matches!(helps, "had" | "'d" | "would") {
                return;
            }
            verb = look.skip_adverbs(verb + 1, 4);
            if helps == "would" {
                if look.word(verb) != "have" {
                    return;
                }
                verb = look.skip_adverbs(verb + 1, 4);
            }
        }
        let done = look.word(verb);
        let noun = look.tokens.get(verb + 1).is_some_and(|next| {
            describing(done) && next.shape == Shape::Word && !opens_phrase(&next.word)
        });
        if participle(done) && outcome && !noun {
            // "if we had been told" is about what came to people.
            let received = done == "been" && participle(look.word(look.skip_adverbs(verb + 1, 2)));
            self.hint(R3, if received { Soft } else { Strong }, start, verb + 1);
        } else if participle(done) && self.facts.hindsight {
            self.hint(R3, Soft, start, verb + 1);
        }
    }

    /// "if the alert had fired", "had it been tested".
    fn thing_had(&self, at: usize) -> bool {
        let look = &self.look;
        let end = (at + 8).min(look.tokens.len());
        if look.word(at) == "had" {
            return (at + 2..end).any(|place| participle(look.word(place)))
                && (determiner(look.word(at + 1)) || look.word(at + 1) == "it");
        }
        (at + 2..end).any(|place| {
            look.word(place) == "had" && participle(look.word(look.skip_adverbs(place + 1, 3)))
                || look.word(place) == "been"
        })
    }

    fn wish(&mut self, at: usize) {
        let look = &self.look;
        let next = if look.word(at + 1) == "that" {
            at + 2
        } else {
            at + 1
        };
        if !matches!(look.subject(at), Subject::Person(_)) {
            return;
        }
        if let Some(end) = look.subject_after(next)
            && matches!(look.word(end), "had" | "'d")
            && participle(look.word(look.skip_adverbs(end + 1, 3)))
        {
            self.hint(R7, Soft, at, end + 1);
        }
    }

    // R4: failed to, forgot, overlooked.

    fn omission(&mut self, at: usize, needs_to: bool) {
        let look = &self.look;
        let verb = look.word(at);
        if needs_to && look.word(at + 1) != "to" {
            return;
        }
        // "we almost forgot", "did not fail to".
        let denied =
            (1..=3).any(|by| matches!(look.before(at, by), "not" | "almost" | "never" | "nearly"));
        if denied {
            return;
        }
        // "I tried to restart it but failed to."
        if (1..=10).any(|by| one_of(look.before(at, by), "tried attempted trying attempts")) {
            return;
        }
        let helped = one_of(look.before(at, 1), "was were been being is are be")
            || adverb(look.before(at, 1))
                && matches!(
                    look.before(at, 2),
                    "was" | "were" | "been" | "being" | "got"
                );
        let passive = helped && !matches!(verb, "failed" | "fail");
        if passive {
            if one_of(
                verb,
                "overlooked forgotten missed ignored neglected disregarded",
            ) {
                // Machines ignore what they are told to; warnings are ignored by people.
                let warning = verb != "ignored"
                    || (1..=4).any(|by| {
                        one_of(
                            look.before(at, by),
                            "alert alerts warning warnings page pages signs alarm alarms
                        message messages ticket tickets",
                        )
                    });
                if warning && !matches!(look.subject(at), Subject::Person(_)) {
                    self.hint(R4, Soft, at, at + 1);
                }
            }
            return;
        }
        // The titles of requests for help.
        if matches!(verb, "forgot" | "forgotten")
            && (at + 1..at + 6).any(|place| {
                one_of(
                    look.word(place),
                    "password passwords username login credentials",
                )
            })
        {
            return;
        }
        // An adjective: "the overlooked setting", "missed calls".
        if determiner(look.before(at, 1)) {
            return;
        }
        let object = look.word(look.skip_adverbs(at + 2, 2));
        // "we failed to the other site".
        if needs_to && determiner(object) {
            return;
        }
        let end = if look.word(at + 1) == "to" {
            at + 3
        } else {
            at + 1
        };
        match look.subject(at) {
            Subject::Person(from) => {
                let soft = verb == "missed"
                    || matches!(verb, "fail" | "fails")
                    || verb == "failed" && attempt(object)
                    || verb == "neglect" && self.facts.condition;
                if verb == "missed" && matches!(look.word(at + 1), "out" | "in") {
                    return;
                }
                self.hint(R4, if soft { Soft } else { Strong }, from, end);
            }
            Subject::Unknown
                if matches!(verb, "forgot" | "neglected" | "overlooked" | "disregarded") =>
            {
                // The first word of a note: "Forgot to renew the certificate".
                let own = at == 0 && verb != "overlooked";
                self.hint(R4, if own { Strong } else { Soft }, at, end);
            }
            Subject::Unknown if needs_to && care(object) => self.hint(R4, Soft, at, end),
            _ => {}
        }
    }

    /// "failure to notice", "failing to check": what only people do.
    fn failure(&mut self, at: usize) {
        let look = &self.look;
        let verb = look.skip_adverbs(at + 2, 2);
        if look.word(at + 1) != "to" || !care(look.word(verb)) {
            return;
        }
        let before = at.checked_sub(1).and_then(|place| look.tokens.get(place));
        let machine = before.is_some_and(|token| {
            token.word == "its"
                || token.possessive
                    && !look.people.names(token)
                    && person_noun(&token.word).is_none()
        });
        let thing = look.word(at) == "failing"
            && (1..=2).any(|by| {
                one_of(
                    look.before(at, by),
                    "was were is are kept keeps keep started began been",
                )
            })
            && !matches!(look.subject(at), Subject::Person(_));
        if thing {
            return;
        }
        // "hosts failing to verify": a thing stands right before it.
        let of_thing = look.word(at) == "failing"
            && before.is_some_and(|token| {
                matches!(token.shape, Shape::Word | Shape::Opaque)
                    && !opens_phrase(&token.word)
                    && token.word != "to"
            })
            && !matches!(look.subject(at), Subject::Person(_));
        if of_thing {
            return;
        }
        // What programs do, too: "communicate with the host", "verify the certificate", "read the file".
        let done = look.word(verb);
        let human = one_of(
            done,
            "notice realise realize consider follow test escalate anticipate ask tell",
        ) || matches!(done, "check" | "communicate" | "verify")
            && !one_of(look.word(verb + 1), "with in to for certificate")
            && !(verb + 1..verb + 4).any(|place| {
                one_of(
                    look.word(place),
                    "certificate certificates signature signatures checksum tls ssl identity",
                )
            });
        let soft = machine || !human;
        self.hint(R4, if soft { Soft } else { Strong }, at, verb + 1);
    }

    /// "did not check", "never tested", "nobody noticed", "did not bother to".
    fn undone(&mut self, at: usize) {
        let look = &self.look;
        match look.word(at) {
            "did" => {
                if look.word(at + 1) != "not" {
                    return;
                }
                let verb = look.skip_adverbs(at + 2, 3);
                let done = look.word(verb);
                let bother = done == "bother"
                    || done == "care"
                    || done == "think" && matches!(look.word(verb + 1), "to" | "of" | "about");
                let Subject::Person(from) = look.subject(at) else {
                    if done == "bother" {
                        self.hint(R4, Strong, at, verb + 1);
                    }
                    return;
                };
                if bother {
                    self.hint(R4, Strong, from, verb + 1);
                } else if care(done) {
                    self.hint(R4, Soft, from, verb + 1);
                }
            }
            "never" => {
                let verb = at + 1;
                let done = look.word(verb);
                let kept = one_of(
                    done,
                    "checked tested verified noticed read reviewed considered
                        realised realized followed asked told validated bothered",
                );
                // "we were never told" is about what came to people.
                let passive = matches!(look.before(at, 1), "was" | "were" | "been");
                if let (true, Subject::Person(from)) = (kept && !passive, look.subject(at)) {
                    self.hint(R4, Soft, from, verb + 1);
                }
            }
            _ => {
                // "no one on the team thought to"
                let verb = match look.word(at + 1) {
                    "on" | "in" | "of" | "at" => (at + 2..at + 6)
                        .find(|place| past_action(look.word(*place)))
                        .unwrap_or(at + 1),
                    _ => look.skip_adverbs(at + 1, 2),
                };
                if one_of(
                    look.word(verb),
                    "noticed checked tested thought realised realized bothered
                        verified reviewed considered spotted read asked",
                ) {
                    let strength = if look.word(verb) == "bothered" {
                        Strong
                    } else {
                        Soft
                    };
                    self.hint(R4, strength, at, verb + 1);
                }
            }
        }
    }

    /// "I accidentally deleted".
    fn slip(&mut self, at: usize) {
        if let Subject::Person(from) = self.look.subject(at) {
            self.hint(R4, Soft, from, at + 1);
        }
    }

    // R5: human error.

    fn human_error(&mut self, at: usize) {
        let look = &self.look;
        let Some(kind) = at.checked_sub(1) else {
            return;
        };
        let who = &look.tokens[kind];
        let oversight = look.word(at).starts_with("oversight");
        match who.word.as_ref() {
            "human" | "fat-finger" | "operator" | "engineer" | "pilot" | "personnel"
            | "administrator" | "admin" | "staff" | "developer" | "employee" | "people"
            | "technician" | "engineers" | "operators" | "manual" => {}
            "user" => {}
            "my" | "our" => {
                if !oversight && self.denied_before(kind) {
                    return;
                }
                self.hint(R5, Soft, kind, at + 1);
                return;
            }
            "a" | "an" => {
                // "a mistake made by", "a mistake by"
                let agent = at + 1 + usize::from(look.word(at + 1) == "made");
                let by = look.word(agent);
                let made = matches!(look.before(kind, 1), "made" | "make");
                let person = made && matches!(look.subject(kind - 1), Subject::Person(_))
                    || matches!(by, "by" | "of") && look.subject_after(agent + 1).is_some();
                if person {
                    let caused = !made && self.cause_before(kind) && !self.denied_before(kind);
                    self.hint(R5, if caused { Strong } else { Soft }, at, at + 1);
                } else if oversight {
                    self.hint(R4, Soft, at, at + 1);
                }
                return;
            }
            _ => return,
        }
        if who.word == "user" && (look.word(at) != "error" || look.word(at + 1) == "rate") {
            return;
        }
        // "manual error handling", "user error messages", "admin error page": about error texts.
        if look.tokens.get(at + 1).is_some_and(|next| {
            next.shape == Shape::Word
                && one_of(
                    &next.word,
                    "handling message messages page pages log logs rate rates code
                        codes budget reports report correction checking",
                )
        }) {
            return;
        }
        if self.denied_before(kind) || self.facts.blameless || self.denied_after(at) {
            return;
        }
        let floor = kind.saturating_sub(6);
        let guarded = (floor..kind).any(|place| guarding(look.word(place)));
        let caused = self.cause_before(kind) || self.cause_after(at) || self.stands_alone(kind, at);
        let strength = if caused && !guarded { Strong } else { Soft };
        if who.word == "user" && strength == Soft {
            return;
        }
        self.hint(R5, strength, kind, at + 1);
    }

    fn denied_before(&self, at: usize) -> bool {
        (1..=4).any(|by| denying(self.look.before(at, by)))
    }

    /// "human error is never a cause", "human error is not".
    fn denied_after(&self, at: usize) -> bool {
        one_of(self.look.word(at + 1), "is was are were as can should")
            && (at + 2..at + 5).any(|place| denying(self.look.word(place)))
            || one_of(self.look.word(at + 1), "is are as happens happen will")
    }

    fn cause_before(&self, kind: usize) -> bool {
        let look = &self.look;
        let floor = kind.saturating_sub(9);
        (floor..kind).any(|place| {
            let (this, next) = (look.word(place), look.word(place + 1));
            match this {
                "due" | "owing" | "thanks" | "attributed" | "attributable" => next == "to",
                "down" => next == "to",
                "because" => next == "of",
                "caused" | "triggered" | "introduced" | "explained" => next == "by",
                "result" => next == "of",
                "resulted" | "resulting" | "stemmed" | "stemming" | "came" | "originated"
                | "arose" => next == "from",
                "traced" => matches!(next, "to" | "back"),
                "cause" | "reason" | "trigger" | "causes" => true,
                "was" | "were" => {
                    // "it was human error", "there was an operator mistake"
                    kind - place <= 4 && !look.word(place + 1).ends_with("ing")
                }
                "through" | "following" | "from" | "after" | "via" => kind - place <= 2,
                "by" => kind - place <= 2,
                "made" => kind - place <= 3,
                _ => false,
            }
        })
    }

    fn cause_after(&self, at: usize) -> bool {
        let look = &self.look;
        let end = (at + 13).min(look.tokens.len());
        // Its own clause alone: "operator mistake in provisioning extended the outage".
        (at + 1..end)
            .take_while(|place| !matches!(look.word(*place), "but" | "so" | "because" | "if"))
            .any(|place| {
                causing(look.word(place))
                    && !matches!(look.before(place, 1), "be" | "is" | "are" | "was")
            })
            || matches!(look.word(at + 1), "when" | "while" | "during")
    }

    /// "Human error.", "Cause: human error", "Human error: wrong region chosen".
    fn stands_alone(&self, kind: usize, at: usize) -> bool {
        let look = &self.look;
        let starts = kind == 0
            || matches!(look.shape(kind - 1), Some(Shape::Colon | Shape::Dash))
            || kind <= 2
                && (0..kind).all(|place| {
                    adverb(look.word(place)) || matches!(look.word(place), "a" | "simple" | "pure")
                });
        let ends = matches!(
            look.shape(at + 1),
            None | Some(Shape::Colon | Shape::Dash | Shape::Comma | Shape::Open)
        ) || matches!(look.word(at + 1), "in" | "by" | "on" | "during" | "from")
            || look.word(at + 1) == "was" && look.word(at + 2) == "made";
        starts && ends && !(self.heading && look.tokens.len() > 8)
    }

    // R6: words that judge.

    fn judgement(&mut self, at: usize, strength: Judging) {
        let look = &self.look;
        let next = look.word(at + 1);
        let about_person =
            matches!(look.subject(at), Subject::Person(_)) || person_noun(next).is_some();
        if matches!(look.before(at, 1), "not" | "never" | "no")
            || matches!(look.before(at, 2), "not" | "never")
        {
            return;
        }
        match strength {
            // Programs have a sloppy mode.
            Judging::Always if next == "mode" => {}
            Judging::Always => self.hint(R6, Strong, at, at + 1),
            Judging::OfPeople => {
                if about_person || matches!(next, "mistake" | "mistakes" | "decision" | "decisions")
                {
                    self.hint(R6, Strong, at, at + 1);
                } else if look.word(at) == "stupid" {
                    self.hint(R6, Soft, at, at + 1);
                }
            }
            Judging::ByPeople => {
                if let Subject::Person(from) = look.subject(at)
                    && (look.word(at) == "botched" || next == "up")
                {
                    self.hint(R6, Strong, from, at + 1 + usize::from(next == "up"));
                }
            }
            Judging::OfWork => {
                if one_of(
                    next,
                    "monitoring testing tests review reviews alerting documentation
                        training tested communication planning care knowledge attention
                        validation reviewed",
                ) {
                    self.hint(R6, Soft, at, at + 1);
                }
            }
            Judging::Soft => {
                let technical = matches!(look.word(at), "poor" | "poorly")
                    && one_of(
                        next,
                        "performance latency throughput connectivity connection response
                        signal network experience performing cache",
                    );
                let apology = look.word(at) == "unacceptable" && matches!(next, "to" | "for");
                if !technical && !apology {
                    self.hint(R6, Soft, at, at + 1);
                }
            }
        }
    }

    /// "lack of attention".
    fn lack(&mut self, at: usize) {
        let look = &self.look;
        if look.word(at + 1) == "of"
            && one_of(
                look.word(at + 2),
                "attention care diligence discipline vigilance",
            )
        {
            self.hint(R6, Soft, at, at + 3);
        }
    }

    /// "Greg's fault", "our fault".
    fn fault(&mut self, at: usize) {
        let look = &self.look;
        let Some(owner) = at.checked_sub(1).map(|place| &look.tokens[place]) else {
            return;
        };
        let person = one_of(&owner.word, "his her my our your their")
            || owner.possessive
                && (look.people.names(owner)
                    || person_noun(&owner.word).is_some()
                    || person_pronoun(&owner.word));
        let thing = owner.word == "their" || (1..=4).any(|by| denying(look.before(at, by + 1)));
        if person && !thing && !matches!(owner.word.as_ref(), "nobody" | "no-one") {
            self.hint(R6, Strong, at - 1, at + 1);
        } else if owner.word == "at"
            && let Subject::Person(from) = look.subject(at - 1)
            && !self.denied_before(at)
        {
            self.hint(R6, Strong, from, at + 1);
        }
    }

    /// "Greg is to blame", "we blame the on-call". What is blamed on a thing is a suspicion.
    fn blame(&mut self, at: usize) {
        let look = &self.look;
        if self.facts.blameless || self.denied_before(at) {
            return;
        }
        if look.before(at, 1) == "to" {
            if let Subject::Person(from) = look.subject(at - 1) {
                self.hint(R6, Strong, from, at + 1);
            }
        } else if look.subject_after(at + 1).is_some()
            && matches!(look.subject(at), Subject::Person(_))
        {
            self.hint(R6, Strong, at, at + 1);
        }
    }

    // R7: hindsight.

    fn hindsight(&mut self, at: usize) {
        let look = &self.look;
        let start = at - usize::from(matches!(look.before(at, 1), "in" | "with" | "of"));
        let judged = self.facts.judged;
        self.hint(R7, if judged { Strong } else { Soft }, start, at + 1);
    }

    fn obvious(&mut self, at: usize) {
        let look = &self.look;
        if look.word(at) != "obvious" {
            return;
        }
        if look.word(at + 1) != "that"
            || !matches!(look.before(at, 1), "was" | "is")
            || look.before(at, 2) != "it"
        {
            return;
        }
        // What was obvious to those who were there, at a time, is part of the story.
        let then = at > 3
            && (at.saturating_sub(24)..at - 2).any(|place| {
                look.shape(place) == Some(Shape::Number)
                    || one_of(
                        look.word(place),
                        "then point soon quickly after when once minutes",
                    )
            });
        self.hint(R7, if then { Soft } else { Strong }, at - 2, at + 2);
    }

    // R8: a single cause.

    fn root_cause(&mut self, at: usize) {
        let look = &self.look;
        let start = if look.before(at, 1) == "root" {
            at - 1
        } else {
            at
        };
        let mut next = at + 1;
        let is = matches!(look.word(next), "was" | "is" | "were" | "are")
            || matches!(look.shape(next), Some(Shape::Colon | Shape::Dash));
        if is {
            next = look.skip_adverbs(next + 1, 2);
            if look.word(next + 1) == "as" && participle(look.word(next)) {
                next += 2;
            }
            let pronoun = one_of(look.word(next), "we i you someone somebody everyone");
            if let Some(end) = look.subject_after(next)
                && !pronoun
                && !look.tokens[end - 1].possessive
            {
                self.hint(R8, Strong, start, end);
                return;
            }
        }
        let analysis = matches!(look.word(at + 1), "analysis" | "analyses" | "investigation");
        if !*self.root_cause_told && !self.heading && !analysis && !self.denied_before(start) {
            *self.root_cause_told = true;
            self.hint(R8, Soft, start, at + 1);
        }
    }

    // R9: be careful.

    /// Whether a verb in its plain form tells somebody what to do: at a start, or after "should", "must", "need to".
    fn is_advice(&self, verb: usize) -> bool {
        let look = &self.look;
        let mut at = verb;
        while at > 0 && look.shape(at - 1) == Some(Shape::Word) && adverb(look.word(at - 1)) {
            at -= 1;
        }
        if at == 0 {
            return true;
        }
        match look.shape(at - 1) {
            Some(Shape::Colon | Shape::Dash | Shape::Comma | Shape::Close) => true,
            Some(Shape::Word) => match look.word(at - 1) {
                "should" | "must" | "will" | "shall" | "and" | "please" | "let's" | "or" | "us"
                | "ought" | "better" => true,
                "to" => {
                    at < 2
                        || one_of(
                            look.before(at, 2),
                            "need needs have has want ought everyone team people engineers
                        developers try necessary us important action is lesson remember
                        reminder learned learnt sure operators staff going responders
                        now here on-call folks best todo",
                        )
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn careful(&mut self, at: usize) {
        let look = &self.look;
        let more = one_of(
            look.before(at, 1),
            "more extra very super especially particularly",
        );
        let first = at - usize::from(more);
        if look.word(at) == "carefully" {
            // "Check more carefully."
            let verb = first.checked_sub(1);
            if more && self.kind == HintKind::Action && verb.is_some_and(|_| self.is_advice(0)) {
                self.hint(R9, Strong, first, at + 1);
            }
            return;
        }
        let Some(be) = first.checked_sub(1) else {
            // "More careful with deploys."
            if more && matches!(look.word(at + 1), "with" | "when" | "about" | "to") {
                self.hint(R9, Strong, first, at + 1);
            }
            return;
        };
        // "careful about" what an algorithm or a person was: no advice.
        let advice = match look.word(be) {
            "be" => {
                self.is_advice(be)
                    || more && !matches!(look.before(be, 1), "could" | "can" | "may" | "cannot")
            }
            "being" => more && self.kind == HintKind::Action,
            _ => false,
        };
        if advice {
            self.hint(R9, Strong, be, at + 1);
        }
    }

    fn attention(&mut self, at: usize) {
        let look = &self.look;
        let mut verb = at;
        while verb > 0
            && at - verb < 4
            && one_of(
                look.before(verb, 1),
                "more close closer better special particular greater extra
                        careful",
            )
        {
            verb -= 1;
        }
        let Some(pay) = verb.checked_sub(1).filter(|pay| look.word(*pay) == "pay") else {
            return;
        };
        if self.is_advice(pay) || verb < at {
            self.hint(R9, Strong, pay, at + 1);
        }
    }

    fn take_care(&mut self, at: usize) {
        let look = &self.look;
        // "Care must be taken when …"
        if matches!(look.word(at + 1), "should" | "must" | "needs")
            && let Some(taken) = (at + 2..at + 6).find(|place| look.word(*place) == "taken")
        {
            self.hint(R9, Strong, at, taken + 1);
            return;
        }
        let grown = one_of(
            look.before(at, 1),
            "more better greater extra special particular great",
        );
        let Some(take) = (at - usize::from(grown && at > 0)).checked_sub(1) else {
            return;
        };
        if look.word(take) != "take" || look.word(at + 1) == "of" {
            return;
        }
        let so = grown
            || matches!(
                look.word(at + 1),
                "to" | "when" | "not" | "with" | "that" | ""
            );
        if so && self.is_advice(take) {
            self.hint(R9, Strong, take, at + 1);
        }
    }

    fn remember(&mut self, at: usize) {
        if self.look.word(at + 1) == "to" && self.is_advice(at) {
            self.hint(R9, Strong, at, at + 2);
        }
    }

    /// "Remind the team to …".
    fn tell(&mut self, at: usize, strength: HintStrength) {
        let look = &self.look;
        if !self.is_advice(at) {
            return;
        }
        let next = look.skip_adverbs(at + 1, 2);
        let whom = look.subject_after(next).or_else(|| {
            matches!(look.word(next), "all" | "them" | "ourselves" | "everyone").then_some(next + 1)
        });
        let Some(end) = whom else {
            return;
        };
        // "It will tell you": a program's output.
        if look.word(next) == "you" {
            return;
        }
        if matches!(look.word(at), "remind" | "tell")
            && !(end..end + 6)
                .any(|place| matches!(look.word(place), "to" | "about" | "not" | "that" | "of"))
        {
            return;
        }
        self.hint(R9, strength, at, end);
    }

    /// "Ensure everyone …", "make sure all engineers …".
    fn ensure(&mut self, at: usize) {
        let look = &self.look;
        let verb = if look.word(at) == "sure" {
            match at.checked_sub(1).filter(|make| look.word(*make) == "make") {
                Some(make) => make,
                None => return,
            }
        } else {
            at
        };
        let next = at + 1 + usize::from(look.word(at + 1) == "that");
        let Some(end) = look.subject_after(next) else {
            return;
        };
        if matches!(look.word(next), "i" | "we" | "you") && self.kind != HintKind::Action {
            return;
        }
        if self.is_advice(verb) {
            self.hint(R9, Soft, verb, end);
        }
    }

    fn next_time(&mut self, at: usize) {
        let look = &self.look;
        let start = at - 1;
        // "the next time the job ran" is a time.
        if matches!(
            look.before(start, 1),
            "the" | "this" | "that" | "until" | "every"
        ) {
            return;
        }
        let (will, person) = (self.facts.resolve, self.facts.person);
        let advice = start == 0
            && (look.shape(at + 1) == Some(Shape::Comma) && will || look.word(at + 1) == "we")
            || person && will
            || self.kind == HintKind::Action;
        if advice {
            // "next time it rotates": a time, perhaps.
            let when = one_of(look.word(at + 1), "it the this that a an its")
                && self.kind != HintKind::Action;
            self.hint(R9, if when { Soft } else { Strong }, start, at + 1);
        }
    }

    // R10: why, at a person.

    fn why(&mut self, at: usize) {
        let look = &self.look;
        let verb = at + 1;
        let asks = one_of(
            look.word(verb),
            "did was were would had has have do does could 'd is are",
        );
        if asks {
            let next = look.skip_adverbs(verb + 1, 2);
            if let Some(end) = look.subject_after(next) {
                if matches!(look.word(verb), "is" | "are" | "have" | "do")
                    && !matches!(look.word(next), "you" | "he" | "she")
                {
                    return;
                }
                let act = look.skip_adverbs(end, 3);
                let soft = came_to(look.word(act))
                    || matches!(look.word(verb), "was" | "were") && came_to_passive(look.word(act));
                self.hint(R10, if soft { Soft } else { Strong }, at, end);
                return;
            }
            let human = (verb + 1..(verb + 8).min(look.tokens.len())).any(|place| {
                one_of(
                    look.word(place),
                    "tested caught noticed reviewed checked escalated misjudged
                        misread overlooked forgotten ignored spotted missed communicated",
                )
            });
            if human && matches!(look.word(verb), "was" | "were" | "did" | "had") {
                self.hint(R10, Soft, at, verb + 1);
            }
            return;
        }
        if let Some(end) = look.subject_after(verb) {
            let act = look.skip_adverbs(end, 2);
            let did = one_of(look.word(act), "did had decided thought chose was were");
            let done = look.skip_adverbs(act + 1, 2);
            if did && !came_to(look.word(done)) && !came_to_passive(look.word(done)) {
                self.hint(R10, Soft, at, act + 1);
            }
        }
    }

    // R11: a name beside the harm.

    fn names(&mut self) {
        let mut at = 0;
        while at < self.look.tokens.len() {
            let look = &self.look;
            if !look.people.names(&look.tokens[at]) {
                at += 1;
                continue;
            }
            let start = at;
            while at < look.tokens.len()
                && look.people.names(&look.tokens[at])
                && (at == start || !look.tokens[at - 1].possessive)
            {
                at += 1;
            }
            let token = &look.tokens[start];
            let verb = look.skip_adverbs(at, 3);
            let verb = if matches!(look.word(verb), "has" | "had" | "'d") {
                look.skip_adverbs(verb + 1, 2)
            } else {
                verb
            };
            let done = look.word(verb);
            let down = matches!(done, "took" | "brought" | "knocked" | "take")
                && (verb + 1..verb + 6)
                    .any(|place| matches!(look.word(place), "down" | "out" | "offline"));
            let away =
                done == "dropped" && matches!(look.word(verb + 1), "off" | "out" | "by" | "in");
            let harmed = (harm(done) || down) && !away;
            let by = look.before(start, 1) == "by" && {
                let back = 2 + usize::from(adverb(look.before(start, 2)));
                harm(look.before(start, back)) || look.before(start, back) == "down"
            };
            let doubtful = start == 0 && name_and_word(&token.word) && at == start + 1;
            if (harmed || by) && !doubtful && !look.tokens[at - 1].possessive {
                let end = if harmed { verb + 1 } else { at };
                self.hint(R11, Strong, if by { start - 1 } else { start }, end);
            } else if self.kind == HintKind::Finding && !doubtful {
                self.hint(R11, Soft, start, at);
            }
        }
    }

    // R12: a finding with its remedy.

    fn remedy(&mut self) {
        let look = &self.look;
        for at in 0..look.tokens.len() {
            let (this, next) = (look.word(at), look.word(at + 1));
            let end = match this {
                "need" | "needs" if next == "to" && look.word(at + 2) != "know" => at + 2,
                "should" | "must" => {
                    let verb = look.skip_adverbs(at + 1, 2);
                    let word = look.word(verb);
                    if look.shape(verb) != Some(Shape::Word)
                        || matches!(word, "have" | "of")
                        || opens_phrase(word)
                    {
                        continue;
                    }
                    verb + 1
                }
                _ => continue,
            };
            let past = matches!(look.before(at, 1), "did" | "not" | "would");
            if !past {
                self.hint(R12, Soft, at, end);
                return;
            }
        }
    }

    // R13: one actor, one action.

    fn event(&mut self) {
        let look = &self.look;
        let Some(first) = (0..look.tokens.len().min(8)).find(|at| past_action(look.word(*at)))
        else {
            return;
        };
        let passive = matches!(look.before(first, 1), "was" | "were" | "been");
        if passive
            && !one_of(
                look.word(first),
                "affected impacted degraded exhausted filled corrupted lost
                        caused expected overloaded delayed blocked based related
                        interrupted disconnected saturated located supposed worried left
                        killed evicted",
            )
            && !(first + 1..look.tokens.len().min(first + 8)).any(|at| look.word(at) == "by")
        {
            self.hint(R13, Soft, first - 1, first + 1);
            return;
        }
        let person = look.head.is_some();
        for at in first + 1..look.tokens.len() {
            if !matches!(look.word(at), "and" | "then") {
                continue;
            }
            let verb = look.skip_adverbs(at + 1, 2);
            let own = look.word(verb);
            let second = past_action(own) && !describing_noun(look, verb)
                || look
                    .subject_after(at + 1)
                    .is_some_and(|end| past_action(look.word(look.skip_adverbs(end, 2))));
            if second && (person || look.subject_after(at + 1).is_some()) {
                self.hint(R13, Soft, at, verb + 1);
                return;
            }
        }
    }

    // R14 and R15: an action that ends, and one alone.

    fn one_that_ends(&mut self) {
        if let Some((from, to)) = super::action::vague(&self.look) {
            self.hint(R14, Soft, from, to);
        } else if let Some((from, to)) = super::action::second(&self.look) {
            self.hint(R15, Soft, from, to);
        }
    }

    /// Adds a hint for the tokens from `from` up to `to`, which is not included.
    fn hint(&mut self, rule: HintRule, strength: HintStrength, from: usize, to: usize) {
        let tokens = self.look.tokens;
        let to = to.min(tokens.len());
        if from >= to {
            return;
        }
        let (why, instead) = told(rule);
        self.hints.push(Hint {
            rule,
            strength,
            start: tokens[from].start,
            end: tokens[to - 1].end,
            why,
            instead,
        });
    }
}

/// What people could have been: careful, faster, watching.
fn is_state(word: &str) -> bool {
    one_of(
        word,
        "aware careful clearer prepared proactive cautious attentive
                        vigilant ready diligent thorough quicker faster",
    ) || (word.ends_with("ing")
        && word.len() > 5
        && !matches!(word, "nothing" | "something" | "anything"))
}

/// "finished and tested backups" has an adjective.
fn describing_noun(look: &Look<'_, '_>, verb: usize) -> bool {
    describing(look.word(verb))
        && look
            .tokens
            .get(verb + 1)
            .is_some_and(|next| next.shape == Shape::Word && !opens_phrase(&next.word))
}

/// What comes to people: "why did we not get an alert".
fn came_to(word: &str) -> bool {
    one_of(word, "get receive see have lose hear need got notice know")
}

fn came_to_passive(word: &str) -> bool {
    one_of(
        word,
        "paged alerted notified told informed affected called able unable
                        contacted warned woken",
    )
}

/// How a word judges.
#[derive(Clone, Copy)]
enum Judging {
    /// In whatever sentence.
    Always,
    /// When it is said of people.
    OfPeople,
    /// As a verb that people do.
    ByPeople,
    /// When it is said of work, a little.
    OfWork,
    /// A little.
    Soft,
}

fn judging(word: &str) -> Option<Judging> {
    Some(match word {
        "careless" | "carelessness" | "carelessly" | "negligent" | "negligence" | "negligently"
        | "reckless" | "recklessly" | "recklessness" | "incompetent" | "incompetence"
        | "sloppy" | "sloppiness" | "idiot" | "idiots" | "idiotic" | "irresponsible"
        | "irresponsibly" | "inexcusable" | "inattentive" | "inattention" | "complacent"
        | "complacency" => Judging::Always,
        "lazy" | "laziness" | "stupid" | "stupidly" | "stupidity" | "dumb" | "guilty"
        | "foolish" | "foolishly" | "clueless" | "ignorant" | "naive" | "culprit" => {
            Judging::OfPeople
        }
        "botched" | "screwed" | "messed" | "fumbled" => Judging::ByPeople,
        "inadequate" | "inadequately" | "poor" | "poorly" | "improper" | "improperly"
        | "inappropriate" | "inappropriately" | "mismanaged" | "mismanagement" | "mishandled"
        | "ridiculous" | "ridiculously" | "unacceptable" | "embarrassing" | "embarrassingly"
        | "shameful" => Judging::Soft,
        "insufficient" | "insufficiently" => Judging::OfWork,
        _ => return None,
    })
}

/// Why, and what instead, for each rule.
fn told(rule: HintRule) -> (&'static str, &'static str) {
    match rule {
        R1 => (
            "This measures what was done by what is known only now.",
            "Ask: what did they see and know at that moment? Try “At 16:09 … saw …, and …”.",
        ),
        R2 => (
            "Somebody is judged here without being named, by what did not happen.",
            "Try what did happen, and the condition that allowed it.",
        ),
        R3 => (
            "This tells of a past that did not happen.",
            "Try the condition as a finding, or the change as an action item.",
        ),
        R4 => (
            "This says what somebody did not do, and not what they did.",
            "Ask: what did they do instead, and what made that reasonable then?",
        ),
        R5 => (
            "An error of people is where the questions start, not the cause.",
            "Ask: what made it easy to do? Try “The tool accepted … without …”.",
        ),
        R6 => (
            "This word judges, and others cannot check it.",
            "Try the fact and a number, without the word.",
        ),
        R7 => (
            "With the outcome known, the signs look clearer than they were.",
            "Try two sentences: what is known now, and what was known then.",
        ),
        R8 => (
            "Incidents seldom have one cause, and a person is not one.",
            "Try a list of what contributed.",
        ),
        R9 => (
            "Care wears off, and the next person was not told.",
            "Ask: which tool, default, check or information could change?",
        ),
        R10 => (
            "Asked why, people defend themselves.",
            "Try how or what: “What were you looking at when …?”",
        ),
        R11 => (
            "A name beside the harm reads as blame.",
            "Try the role, such as “the first responder”, and what the system allowed.",
        ),
        R12 => (
            "A finding says what was true; this one says what to do.",
            "Try the fact here, and the remedy as an action item.",
        ),
        R13 => (
            "An event is easiest to follow with one actor and one action.",
            "Try one event for each, and say who or what acted.",
        ),
        R14 => (
            "Nobody can see when this is done.",
            "Ask: what will be there then? Try the result: an alert that fires, a page that says …, a decision by a day.",
        ),
        R15 => (
            "Two actions are done on two days, perhaps by two people, and one tick cannot say so.",
            "Try one action item for each.",
        ),
    }
}
