//! Words that decide whether something is a name. All folded: lower case, no accents.

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

/// What a word is besides a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// `will`, `may`: asks at the start of a sentence.
    Modal,
    /// `mark`, `grant`: commands at the start of a sentence.
    Verb,
    /// `rose`, `page`, `young`.
    Noun,
    /// `in`, `do`, `my`: hardly ever a name.
    Function,
}

static MODALS: Words = Words::of("will may might can must shall");

static VERBS: Words = Words::of(
    "chase check cook crack cross dash drew file flip grant guard guide hack hand hash hook hunt land link load
    lock look love mark page park peg pick pierce pitch place plant play post press root rush scan sell ship shore
    skip sort sue tap tell track trip trust turn view walk ward wax wed bill bolt bond book boot branch brand
    bridge call case cast clear close comb cope curb date glue head hope host merge trace fix set stop start change
    block spring prince pray pry",
);

static NOUNS: Words = Words::of(
    "ace acre alpha amber angel apple april arch archer ark art ash aspen august autumn bacon baker ball banks barb
    bard barker barn baron bass bates bay beach bean bear beck bell bench berry best bird bishop black blade blaze
    bloom blue bow bowl boy brass bravo brave bright brook brooks brown buck bud bull burn bush butcher butler
    button byte cain camp candy cannon canon carpenter cash castle cat chance chandler chapel charity charm chase
    chip christian church city clay clement cliff clock cloud coal colt cooper coral corn cotton count court cox
    crane cricket crow crystal cross curry cycle daisy dart dash dawn day dear deck delta dew diamond dike dine
    dock dolly dove drew dusk dust dusty eagle early east easter echo edge ember english faith fair falcon fall
    farmer favor fawn fear fern field fields finch fisher flint flood flower flux fog forest foster fountain fox
    frank free freeman french fresh frost fuller game garage garden gates gay gem german ginger glass gold golden
    good goode goose grace grand gray green grey grove gull guy hall hammer harbor harmony harp hash haven hawk hay
    heart heath heaven hedge hero hill holiday honey honor hood hope hopper horn house hunter ice infant iris iron
    ivory jade java jet jewel job jobs joy joyful judge july june junior just justice keen key keys kind king kit
    knight lace lady lake lamb lane lark latte lavender law lawn layer leaf leap liberty light lime linen link lion
    little long lord lotus love loyal luck lucky main maple march marine marshal masters max maze meadow mean
    mellow melody mercury mercy merit merry mile miles mill miller mills mint minor misty moon moor morning moss
    mount music myth navy near needle nest nice night noble noon norm north nova oak ocean olive opal orchid otter
    owl pace paige palm parish park parks parrot parsley patch patience patrol peace peach peak pearl penny pepper
    petal phoenix piano pike pine piper pole pond pool pope poppy porter pound powers prairie price pride priest
    prime prince princess prior providence python quail queen quick quill rain rainbow rainy raven rays read reed
    reef rein rich rider ridge ring ripple rise rivers river roads robin rock rocky rose rowe royal ruby rule rush
    rusty rye sable sage sail saint salt sand sandman sands sandy savage scarlet scout sea seal season self shadow
    shale sharp shell shield silver singer single sky small smart snow solo song south sparks sparrow speed spring
    sprout star stark steel sterling stone storm stout straw street strong summer summers sun sunny swan sweet
    swift tab tail talent teal temple thistle thorn tide tiger tile timber token tom torch tower town trail tree
    true union valley van velvet venus vine violet vista wall walker ward warden wash water waters wave way weaver
    week weeks well wells west white wild willow wind winds winner winter winters wise wolf wood woods word words
    worth wright yard year young cook page bill mark grant will hand post root case change host port node cache
    queue index stack server router proxy agent worker prod canary pilot label shift pair batch clean hard low high
    fast slow rapid ready first last second third ware warn error fault fatal trace debug info log access account
    alert cable cause center chart code control cost cover current data desk draft drive driver event failure
    feature flag form frame front goal group guest home hour issue item level limit line list major manual map
    master match member memory message meter minute mode model moment month monitor name network note notice number
    office order outage output owner parent part path pattern peer person phase phone pipe plan plane plate point
    pop power practice print process product program project quality question range rank rate reason record region
    release report request rest result review risk role room round route row run safe sample scale scene school
    score screen script search secret section sector security segment sense service session share sheet side sign
    signal site size skill smoke source space speaker spot staff stage standard state station status step storage
    story stream style subject success suite supply support surface switch system table tag target task team term
    test text theme thing thread ticket time title tool top topic traffic train type unit update usage user value
    version visit voice volume watch weight wheel window wire work world zone",
);

static FUNCTIONS: Words = Words::of(
    "a am an and any are as at be but by che da de di do does done down each even ever every few for from go had
    has have he her here hers him his how i if in into is it its just less let like many me mine more most much my
    near no nor not now of off on once one only or our out over own per put re same she so some soon such than that
    the their them then there these they this those to too two up us use very via was way we were what when where
    which while who whose why with yes yet you your la le el un une und der die das ist den et ou en es los las si",
);

/// Words of roles and groups, which are never a name by themselves: `Support`, `On-call`, `Guest 3`.
static GROUPS: Words = Words::of(
    "admin administrator agent agents analyst ops operations operator on call oncall bot captain chief client clients
    commander communications comms customer customers consultant contractor dba desk dev devops developer developers
    director duty engineer engineers engineering everybody everyone executive external facilitator first guest guests
    head help host incident infra infrastructure internal it junior lead leads management manager managers marketing
    member network nobody observer office officer owner person people platform product responder responders reviewer
    role root sales scribe second security senior service services site social media sre staff stakeholder stakeholders
    storage support system systems team teams tech technician third unknown user users vendor web we you",
);

/// Parts of surnames that never stand for the person.
static PARTICLES: Words = Words::of(
    "van von der den de del della di da do dos das du la le les los el al bin ibn ben bint abu af av ter ten zu zum zur
    y e i o d l st saint san mac mc fitz jr sr ii iii iv phd md mr mrs ms mx dr prof sir dame she her hers he him his
    they them their",
);

/// Words before a name that go with it.
static TITLES: Words =
    Words::of("mr mrs ms mx miss dr prof herr frau mme madame monsieur senor senora");

/// Whom a name can follow directly: `our DBA Bill`.
static PERSON_NOUNS: Words = Words::of(
    "admin administrator agent analyst apprentice architect boss ceo cfo ciso colleague commander consultant contractor
    coo coordinator coworker cto dba designer developer dev director editor employee engineer expert facilitator
    freelancer founder friend helper hire intern investigator journalist lead leader librarian manager mentor moderator
    newcomer observer officer operator oncall owner partner programmer researcher responder reviewer scientist scribe
    specialist sre stakeholder student supervisor teammate technician tester trainee volunteer writer",
);

static DETERMINERS: Words = Words::of("a an the our my your their his her its another this that");

static ADVERBS: Words = Words::of(
    "also always already actually almost again afterwards both even eventually ever finally first just later never next
    now often once only perhaps promptly rarely really seldom simply sometimes soon still suddenly then therefore thus
    too twice usually meanwhile",
);

static AUXILIARIES: Words = Words::of(
    "is was has had does did isn wasn hasn hadn doesn didn could should would ought needs wants",
);

static PASTS: Words = Words::of(
    "arose ate became began bent bet blew bought bound broke brought built burnt came caught chose crept cut dealt did
    drank drew drove dug fed fell felt flew forbade forgot fought found froze gave got grew had heard held hid hit hung
    joined kept knew laid led left lent lit lost made meant met misread mistook misunderstood overrode oversaw paid put
    quit ran rang read rebuilt redid reran reset rode rolled rose said sang sat saw sent set shook shut slept spent spoke
    spun stood stuck swore swept told took tore taught thought threw typed understood undid went woke won wore wrote
    withdrew",
);

/// Participles that a contracted "has" stands before, besides those in "ed" and the pasts.
static PARTICIPLES: Words = Words::of(
    "been become begun broken chosen done driven eaten fallen flown forgotten frozen given gone gotten grown had known
    left ridden risen run seen shown spoken stolen taken thrown written",
);

/// What systems do and people hardly: initials before these are a system's.
static MACHINE_VERBS: Words = Words::of(
    "crashed crashes expired expires failed fails hung hangs leaked leaks overflowed overflows rebooted reboots restarted
    restarts returned returns rose rises spiked spikes timed times filled fills dropped drops exceeded exceeds died dies
    was is has had were",
);

/// What people do and systems hardly.
static PEOPLE_VERBS: Words = Words::of(
    "acknowledged acknowledges agreed agrees announced announces answered asked asks called calls checked checks
    confirmed confirms decided decides emailed explained explains felt forgot guessed helped helps joined joins knew
    looked looks mailed mentioned messaged noticed notices offered offers paged phoned pinged pings posted posts promised
    proposed proposes read realised realized remembered replied replies reported reports said says saw sees spoke
    suggested suggests suspected suspects talked tells texted thinks thought told took tried tries typed understood
    volunteered wondered worried wrote writes",
);

/// Words after which a name stands for somebody who is spoken to or about.
static BEFORE_PEOPLE: Words = Words::of(
    "asked asks by called calls cc emailed for from messaged paged pages phoned pinged pings thanks thank told tells with
    and or to hi hello hey dear cheers kudos",
);

static GREETINGS: Words = Words::of("hi hello hey dear thanks cheers sorry kudos bravo welcome");

/// Acronyms of the trade and the world: never initials unless marked as such.
static ACRONYMS: Words = Words::of(
    "ab ad ai am api app aws az bi ca cd cdn ceo cfo ci cli cms co cpu crm cs css csv cto db dba dc dev dm dns dr ec eks
    en eod erp es eta eu fe fs ftp gb gc gcp gke gpu gb ha hq hr html http ide id ie iam io ip irc iso isp it jp json js
    jvm kb kpi kv lan lb ldap lts mac mb mfa ml mq ms mtu nas nat ng nic ny ok oom orm os ot pc pdf pii pin pm poc pop
    pos pr prd ps qa qos ram rca rds rest rfc ro rpc rtt rw saas sd sdk se sla slb sli slo sms sop spa sql sre ssd ssh ssl
    ssn sso st sts tb tbd tcp tf tls ts ttl tv ui uk ul un uri url us usa usb utc ux vat vip vm voip vp vpc vpn waf wan
    wifi xml xss yml zk af ago all and any are asap btw but can did end fix for fyi get got had has her him his hot how
    in is its let lot low lgtm may me my new no nor not now of off on one or our out own per put ran run say see set
    she so the then they to top two up use was way we who why win yes yet you",
);

/// Capitalised words that are no names: days, months, places, languages, makers and products of the trade.
static CAPITALISED: Words = Words::of(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter ramadan diwali spring summer autumn winter english german french spanish
    dutch italian polish russian ukrainian chinese japanese korean arabic hebrew turkish portuguese europe european
    america american asia africa australia germany france spain italy poland ukraine russia china japan korea india
    brazil canada mexico england ireland scotland wales britain sweden norway denmark finland iceland austria
    switzerland belgium netherlands luxembourg portugal greece turkey israel egypt nigeria kenya singapore london paris
    berlin munich hamburg frankfurt amsterdam dublin stockholm oslo copenhagen helsinki vienna zurich warsaw prague
    madrid barcelona lisbon rome milan athens tokyo osaka seoul beijing shanghai mumbai delhi sydney melbourne toronto
    montreal seattle oregon ohio virginia california texas boston chicago denver frankfurt internet linux ubuntu debian
    windows android apple google amazon microsoft azure github gitlab bitbucket jira confluence slack teams zoom discord
    pagerduty opsgenie statuspage grafana prometheus kibana elasticsearch elastic kafka redis postgres postgresql mysql
    mariadb mongo mongodb sqlite oracle cassandra docker kubernetes helm terraform ansible puppet chef jenkins nginx
    apache haproxy envoy istio consul vault cloudflare fastly akamai datadog sentry splunk twilio stripe paypal
    salesforce zendesk python java javascript typescript rust golang ruby rails php perl scala kotlin swift chrome
    firefox safari webkit markdown unicode excel outlook twitter facebook instagram linkedin mastodon youtube whatsapp
    telegram signal debrief severity finding findings timeline customers support engineering management",
);

/// Given names that are common somewhere; a word of these in a text is worth a look when nobody of that name is known.
static GIVEN: Words = Words::of(
    "aaron abdul abigail adam adele adrian agnes ahmed aisha alan albert alejandro alex alexander alexandra alexis
    alfred ali alice alicia alina alison amanda amir amit amy ana andrea andreas andrew andrey angela anika anil
    anita anna anne annette anthony anton antonio arjun arthur astrid audrey barbara beatrice ben benjamin bernard
    bianca birgit boris brandon brenda brian bridget bruno caleb camila carla carlos carmen caroline catherine
    cathy charles charlotte chen chloe chris christina christine christoph claire clara claudia connor craig
    cristina cynthia dan daniel daniela darren dave david deborah debby dennis derek diana diego dmitri dominic
    donald dorothy doug dylan eduardo edward elena elias elif elizabeth ella ellen emil emily emma eric erik ethan
    eva evan fatima felix fernando fiona francesca francis francisco frederick gabriel gary george gerald gloria
    gordon greg gregory hannah hans haruto hassan heidi helen helena henrik hiroshi hugo ian igor ines ingrid irene
    isaac isabel isabella ivan jacob james jan jane janet javier jennifer jens jeremy jessica jesus jim joan joao
    jochen joe joel johan johanna john jon jonas jonathan jorge jose joseph joshua juan julian julie jun jurgen
    justin kai karen karim karl kate katharina katherine kathy katja keith kelly ken kenneth kenji kevin khalid kim
    kirsten klaus kumar larry lars laura lauren leah lena leon leonardo leticia li liam lina linda lisa liu lorenzo
    louis louise luca lucas lucia lucy luis lukas lydia magdalena maja malik manuel marc marcel marco marcus
    margaret maria mariam marie mario marta martha martin martina mary mateo matt matthew matthias maxim megan
    mehmet mei melanie melissa michael michelle miguel mikhail mila mira mohamed mohammed monica monika muhammad
    nadia nadine naomi natalia natalie natasha nathan neha neil nicolas nicole nigel nikhil nina noah noor nora
    olga oliver olivia omar oscar otto pablo pamela patricia patrick paul paula pavel pedro peter petra philip
    philipp pierre priya rachel rafael rahul raj ralph ramon rashid raul ravi rebecca rene ricardo richard rita
    robert roberto roger roland ronald rosa ruth ryan sabine sally sam samantha samir samuel sandra sanjay sara
    sarah sasha scott sean sebastian sergei sergio shannon sharon silvia simon simone sofia sonia sophia sophie
    stefan stefanie stella stephan stephanie stephen steve steven susan susanne suresh svetlana sven tamara tanja
    tanya tara tatiana theo theodore thomas tim timothy tina tobias todd toby tomas ulrich ursula valentina valerie
    vanessa veronica vijay vincent vladimir walter wei wendy wilhelm william wolfgang xavier yan yuki yusuf yvonne
    zara zoe",
);

/// Phrases about somebody's own life; each starts with its first word.
static PERSONAL: &[&str] = &[
    "on holiday",
    "on holidays",
    "on vacation",
    "on leave",
    "on sick leave",
    "sick leave",
    "was ill",
    "is ill",
    "were ill",
    "been ill",
    "fell ill",
    "was sick",
    "is sick",
    "were sick",
    "off sick",
    "called in sick",
    "felt sick",
    "felt unwell",
    "unwell",
    "parental leave",
    "maternity leave",
    "paternity leave",
    "maternity",
    "paternity",
    "pregnant",
    "pregnancy",
    "funeral",
    "bereavement",
    "bereaved",
    "passed away",
    "died",
    "death in the family",
    "doctor",
    "dentist",
    "hospital",
    "surgery",
    "therapy",
    "therapist",
    "medication",
    "migraine",
    "flu",
    "covid",
    "fever",
    "injured",
    "injury",
    "depressed",
    "depression",
    "anxiety",
    "burnout",
    "burned out",
    "burnt out",
    "panic attack",
    "disability",
    "drunk",
    "hungover",
    "birthday",
    "wedding",
    "divorce",
    "divorced",
    "honeymoon",
    "family",
    "childcare",
    "kindergarten",
    "day care",
    "nursery",
    "school run",
    "picking up the kids",
    "baby",
    "newborn",
    "religious",
    "church",
    "mosque",
    "synagogue",
    "ramadan",
    "at the gym",
    "asleep",
    "in the shower",
    "in the bath",
    "in bed",
    "day off",
    "resigned",
    "was fired",
    "laid off",
    "salary",
    "probation",
];

/// Relatives: with "her", "my" and the like before, somebody's own life.
static KIN: Words = Words::of(
    "baby boyfriend brother child children dad daughter daughters family father fiance fiancee girlfriend grandfather
    grandmother husband kid kids mother mum mom parents partner sister son sons spouse wife",
);

/// Words that follow the object "her", not the owner's.
static AFTER_OBJECT: Words = Words::of(
    "a about after again all also an and around as at away back because before both but by directly down during each for
    from he here how i if immediately in instead into it itself just later nothing now of off on once or out over quickly
    she should since so soon something still than that the then there they this through to today together tomorrow too
    twice until up via was we what when where whether which while who why will with without would yesterday you",
);

/// What a word is besides a name; nothing when it is a name alone, as far as this list knows.
pub(super) fn class(word: &str) -> Option<Class> {
    if MODALS.has(word) {
        Some(Class::Modal)
    } else if VERBS.has(word) {
        Some(Class::Verb)
    } else if FUNCTIONS.has(word) {
        Some(Class::Function)
    } else if NOUNS.has(word) {
        Some(Class::Noun)
    } else {
        None
    }
}

/// `May`, `April`, `June`, `August`, `March`.
pub(super) fn is_month(word: &str) -> bool {
    matches!(word, "march" | "april" | "may" | "june" | "july" | "august")
}

pub(super) fn is_group(word: &str) -> bool {
    GROUPS.has(word)
}

pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.has(word)
}

pub(super) fn is_title(word: &str) -> bool {
    TITLES.has(word)
}

pub(super) fn is_person_noun(word: &str) -> bool {
    PERSON_NOUNS.has(word)
}

pub(super) fn is_determiner(word: &str) -> bool {
    DETERMINERS.has(word)
}

pub(super) fn is_adverb(word: &str) -> bool {
    ADVERBS.has(word) || word.len() > 4 && word.ends_with("ly")
}

/// A verb that a single person may stand before: `asked`, `was`, `restarts`.
pub(super) fn is_finite(word: &str) -> bool {
    AUXILIARIES.has(word)
        || PASTS.has(word)
        || word.len() > 3 && word.ends_with("ed")
        || is_third_person(word)
}

/// Whether a word looks like a verb in the third person.
pub(super) fn is_third_person(word: &str) -> bool {
    word.len() > 2
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !matches!(
            word,
            "is" | "was" | "has" | "does" | "his" | "its" | "this" | "as" | "hers" | "yes" | "us"
        )
        && !is_adverb(word)
}

/// A participle, such as a contracted "has" stands before.
pub(super) fn is_participle(word: &str) -> bool {
    PARTICIPLES.has(word) || PASTS.has(word) || word.len() > 3 && word.ends_with("ed")
}

pub(super) fn is_machine_verb(word: &str) -> bool {
    MACHINE_VERBS.has(word)
}

pub(super) fn is_people_verb(word: &str) -> bool {
    PEOPLE_VERBS.has(word)
}

pub(super) fn is_before_people(word: &str) -> bool {
    BEFORE_PEOPLE.has(word)
}

pub(super) fn is_greeting(word: &str) -> bool {
    GREETINGS.has(word)
}

pub(super) fn is_acronym(word: &str) -> bool {
    ACRONYMS.has(word)
}

pub(super) fn is_capitalised(word: &str) -> bool {
    // “On Mondays”
    CAPITALISED.has(word) || CAPITALISED.has(word.strip_suffix('s').unwrap_or(word))
}

pub(super) fn is_given(word: &str) -> bool {
    GIVEN.has(word)
}

pub(super) fn is_kin(word: &str) -> bool {
    KIN.has(word)
}

pub(super) fn follows_object(word: &str) -> bool {
    AFTER_OBJECT.has(word) || is_adverb(word)
}

/// The phrases about somebody's own life, by their first words.
pub(super) fn personal(first: &str) -> &'static [&'static [&'static str]] {
    type ByFirst = std::collections::HashMap<&'static str, Vec<&'static [&'static str]>>;
    static BY_FIRST: OnceLock<ByFirst> = OnceLock::new();
    let phrases = BY_FIRST.get_or_init(|| {
        let mut found = ByFirst::new();
        for phrase in PERSONAL {
            let words: Vec<&'static str> = phrase.split(' ').collect();
            if let Some(first) = words.first().copied() {
                found.entry(first).or_default().push(words.leak());
            }
        }
        for phrases in found.values_mut() {
            phrases.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        found
    });
    phrases.get(first).map(Vec::as_slice).unwrap_or_default()
}
