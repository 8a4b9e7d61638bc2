//! Classes of words that the rules know. All in lower case.

use std::collections::HashSet;
use std::sync::OnceLock;

/// A class of words, written as people read them: with spaces between.
struct Words {
    list: &'static str,
    set: OnceLock<HashSet<&'static str>>,
}

impl Words {
    const fn of(list: &'static str) -> Self {
        Self {
            list,
            set: OnceLock::new(),
        }
    }

    fn has(&self, word: &str) -> bool {
        self.set
            .get_or_init(|| self.list.split_whitespace().collect())
            .contains(word)
    }
}

/// Whether a word is one of a few, written with spaces between.
pub fn one_of(word: &str, few: &str) -> bool {
    few.split_whitespace().any(|one| one == word)
}

/// Past participles that do not end in "ed".
static IRREGULAR: Words = Words::of(
    "become been begun bent bet bitten blown bought bound broadcast broken brought built burnt burst cast caught
    chosen come cost crept cut dealt done drawn driven drunk dug eaten fallen fed felt fit flown forbidden
    foregone foreseen forgotten fought found frozen given gone got gotten grown had heard held hidden hit hurt
    kept known laid learnt led left lent let lit lost made meant met misheard misled misread mistaken
    misunderstood overcome overdone overridden overrun overseen overtaken overthrown overwritten paid proven put
    quit read rebuilt redone rerun reset rewritten ridden risen run rung said sat seen sent set sewn shaken shed
    shown shrunk shut sold sought spent split spoken spread sprung spun stolen stood struck stuck sunk swept
    sworn swung taken taught thought thrown told torn undergone understood undertaken undone unwound upheld
    withdrawn withheld withstood woken won worn wound written",
);

/// Whether it can be a past participle.
pub fn participle(word: &str) -> bool {
    if IRREGULAR.has(word) {
        return true;
    }
    let tail = word.rsplit('-').next().unwrap_or(word);
    if tail.len() < word.len() && IRREGULAR.has(tail) {
        return true;
    }
    tail.len() >= 4
        && tail.ends_with("ed")
        && !one_of(
            tail,
            "need feed seed speed breed indeed hundred exceed proceed succeed
                        embed weed deed greed creed bleed newsfeed",
        )
}

/// Participles that before a noun are mere adjectives: "we should have automated alerts" is a wish, not blame.
pub fn describing(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "advanced agreed automated centralised centralized dedicated defined detailed distributed documented
        established guaranteed improved increased limited named related reserved shared standardised
        standardized trained unified written",
    );
    WORDS.has(word)
}

/// What opens a noun phrase or ends one; a word that is none of these may be a noun.
pub fn opens_phrase(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "ahead and anyone anything as aside away back because but down everyone everything forward her him
        how if it me nobody nothing off only or out over since so someone something than that them together
        up us what when where whether which while why you",
    );
    determiner(word) || preposition(word) || adverb(word) || WORDS.has(word)
}

/// Articles, possessives, numbers and the like.
pub fn determiner(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "a all an another any both each either every few five four her his its many most my neither no one our
        several some that the their these this those three two which whichever whose your",
    );
    WORDS.has(word)
}

/// Prepositions. A phrase after one is not the subject.
pub fn preposition(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "about against among around at behind between by for from in into like of on onto over per than through
        to towards under via with within without",
    );
    WORDS.has(word)
}

/// Adverbs that may stand between a subject and its verb.
pub fn adverb(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "again all almost already also always at better both each earlier else even ever far faster first further
        however ideally indeed instead just later least long maybe more much never not now often once only
        perhaps quite rather sadly simply somehow sometimes soon sooner still then therefore though thus too
        very well yet",
    );
    WORDS.has(word)
        || (word.len() > 4
            && word.ends_with("ly")
            && !one_of(
                word,
                "reply supply apply family assembly anomaly july comply imply
                        rely italy multiply monopoly grizzly ally bully",
            ))
}

/// Helping verbs between a subject and the verb that counts.
pub fn auxiliary(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "'d am are be been being can could did do does had has have is may might must should was were will would",
    );
    WORDS.has(word)
}

/// Pronouns that mean people.
pub fn person_pronoun(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "anybody anyone everybody everyone he i nobody she somebody someone we whoever you",
    );
    WORDS.has(word)
}

/// How sure it is that a noun means people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonNoun {
    /// It always does.
    Sure,
    /// Programs are called so, too: an operator, a manager.
    Shared,
}

/// Nouns for people at work.
pub fn person_noun(word: &str) -> Option<PersonNoun> {
    static SURE: Words = Words::of(
        "administrator administrators analyst analysts approver approvers author authors ceo colleague colleagues
        commander committer committers contractor contractors coworker coworkers crew cto dba dbas deployer
        deployers dev developer developers devops devs director employee employees engineer engineers
        firefighter firefighters folks guy guys human humans intern interns lead leadership leads maintainers
        management managers member members on-call on-caller on-callers oncall operators ops people person
        programmer programmers responder responders reviewer reviewers squad sre sres staff supervisor
        supervisors sysadmin sysadmins team teammate teammates teams technician technicians volunteer volunteers",
    );
    static SHARED: Words = Words::of(
        "admin admins coordinator engineering facilitator maintainer manager operator owner owners support",
    );
    if SURE.has(word) {
        Some(PersonNoun::Sure)
    } else if SHARED.has(word) {
        Some(PersonNoun::Shared)
    } else {
        None
    }
}

/// What may stand before a noun that programs share, when a person is meant.
pub fn human_modifier(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "account change customer data-centre database datacenter duty engineering experienced first hiring human
        incident junior line linux network new night on-call oncall other our previous product project release
        responsible second senior service shift site sleepy system systems team tech technical tired",
    );
    WORDS.has(word)
}

/// Who waits outside: their sentences are about impact.
pub fn outsider(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "client clients customer customers editors readers students subscribers tenants user users visitors",
    );
    WORDS.has(word)
}

/// What a person notices only when it shows itself. With "should have" this is often an inference, not blame.
pub fn perception(word: &str) -> bool {
    static WORDS: Words = Words::of("expected experienced heard noticed observed seen spotted");
    WORDS.has(word)
}

/// What comes to people instead of being done by them.
pub fn reception(word: &str) -> bool {
    static WORDS: Words = Words::of("gained got gotten inherited needed received");
    WORDS.has(word)
}

/// How an incident ends: "should have been restored" is hope.
pub fn recovery(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "caught completed finished fixed reached recovered resolved restored returned settled stabilised
        stabilized",
    );
    WORDS.has(word)
}

/// What might have happened to somebody, which blames nobody.
pub fn risk(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "become been broken caused died ended exceeded experienced faced gone got gotten had hit lost missed
        needed received run seen suffered survived sworn triggered",
    );
    WORDS.has(word)
}

/// What only people do: in "should have been …" somebody hides behind it.
pub fn human_act(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "addressed announced anticipated audited avoided briefed caught checked communicated considered
        consulted coordinated deployed discussed done double-checked escalated foreseen handled investigated
        merged monitored noticed planned pointed prevented prioritised prioritized questioned raised
        realised realized recognised recognized rehearsed reported researched reviewed rushed scrutinised
        scrutinized spotted started tested thought told validated verified vetted warned",
    );
    WORDS.has(word)
}

/// What people do, and machines too.
pub fn shared_act(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "blocked decommissioned depooled drained paused renewed reset retired rotated stopped accepted acknowledged added alerted allowed applied approved assigned attempted backported called
        changed cleaned closed committed configured created deleted detected disabled discovered documented
        enabled executed fixed followed given granted identified ignored implemented informed introduced
        involved kept left made migrated notified paged performed pushed put rebooted released removed replaced
        restarted reverted rolled run scheduled set shipped silenced skipped switched taken touched trusted
        turned updated upgraded used written",
    );
    WORDS.has(word)
}

/// Finding out: better done "earlier" in hindsight.
pub fn finding_out(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "addressed announced anticipated averted caught checked communicated coordinated detected diagnosed
        discovered done escalated executed fixed foreseen found handled identified limited managed minimised
        minimized mitigated noticed planned recovered reduced resolved reviewed shortened spotted stopped tested
        verified",
    );
    WORDS.has(word)
}

/// Measures of hindsight.
pub fn comparative(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "beforehand better differently earlier easily faster more properly quicker quickly sooner",
    );
    WORDS.has(word)
}

/// What a measure would have done about the incident.
pub fn averting(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "alerted averted avoided caught detected helped mitigated noticed prevented reduced revealed saved
        shortened spotted stopped",
    );
    WORDS.has(word)
}

/// What one has to know to blame somebody for not knowing it.
pub fn knowing(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "anticipated foreseen guessed known noticed realised realized recognised recognized seen spotted
        suspected",
    );
    WORDS.has(word)
}

/// Plain forms of what somebody is said to have left undone.
pub fn care(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "adhere announce anticipate appreciate ask check communicate consider coordinate document double-check
        escalate follow foresee inform investigate notice notify plan prioritise prioritize read realise realize
        recognise recognize review spot tell test understand validate verify warn",
    );
    WORDS.has(word)
}

/// Attempts that fail on the machine's side.
pub fn attempt(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "access authenticate boot compile connect download fetch figure find get load locate log login mount
        open parse ping pull reach reconcile reconnect replicate reproduce resolve respond schedule ssh
        start sync",
    );
    WORDS.has(word)
}

/// Causing, in the past.
pub fn causing(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "affected allowed broke brought caused causing contributed cost delayed deleted disabled extended
        introduced leading led left made meant prevented prolonged propagated put removed resulted resulting
        sent set started took triggered worsened",
    );
    WORDS.has(word)
}

/// Harm done to a running system, in the past.
pub fn harm(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "botched broke broken caused corrupted crashed deleted destroyed dropped killed misconfigured overwritten
        overwrote triggered wiped",
    );
    WORDS.has(word)
}

/// First names that are English words, too.
pub fn name_and_word(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "an april art august bill carry chance chase cole dash dean do drew faith frank grace guy harbor hope in
        iris jack jasmine jenkins joy june lane mark max may miles my page pat ray reed rich rob ruby so sue
        summer van will",
    );
    WORDS.has(word)
}

/// What people say to reduce errors: no error has happened yet.
pub fn guarding(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "against avoid avoided avoiding avoids can catch catches chance chances could detect eliminate eliminates
        eliminating fewer future guard if less likelihood limit limits may might minimise minimising minimize
        minimizing opportunity possibility possible potential prevent prevented preventing prevents prone
        protect protects reduce reduced reduces reducing remove removes removing risk risks room such
        susceptible tolerate vulnerable would",
    );
    WORDS.has(word)
}

/// What denies.
pub fn denying(word: &str) -> bool {
    static WORDS: Words = Words::of(
        "blameless cannot instead isn neither never no nobody none nor not nothing rather without",
    );
    WORDS.has(word)
}

/// Verbs that people do to a system, in the simple past: the actions of a timeline.
pub fn past_action(word: &str) -> bool {
    participle(word) && !one_of(word, "been had got gotten read set need")
        || one_of(
            word,
            "saw began ran took went wrote came gave chose broke woke drove
                        grew knew threw spoke",
        )
}
