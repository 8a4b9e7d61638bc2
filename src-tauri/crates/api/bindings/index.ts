// Made by crates/api/tests/bindings.rs from the Rust types and the list of commands; do not edit.
// `UPDATE_BINDINGS=1 cargo test -p api --test bindings` writes it anew.

/**
 * Whoever asks, for their own page.
 */
export type Account = { 
/**
 * The account.
 */
id: string, 
/**
 * What it may do.
 */
role: AccountRole, };

/**
 * Invites somebody.
 */
export type AccountInvite = { 
/**
 * What they may do.
 */
role: AccountRole, 
/**
 * A person of the directory that they are; absent for somebody new, who gives a name.
 */
person: string | null, 
/**
 * Their name, for the list of invitations; the person's own when there is one.
 */
name: string, 
/**
 * An account that exists, whose owner has lost all devices; the role and the person are that account's then.
 */
account: string | null, 
/**
 * Days that it is good for, 1 to 30; 0 means 7.
 */
days: number, };

/**
 * What an account may do, from least to most. Each may do what those before it may.
 */
export type AccountRole = "viewer" | "member" | "facilitator" | "admin";

/**
 * Gives an account another role.
 */
export type AccountRoleSet = { 
/**
 * The account.
 */
id: string, 
/**
 * The role.
 */
role: AccountRole, };

/**
 * An account in the list of all.
 */
export type AccountRow = { 
/**
 * The account.
 */
id: string, 
/**
 * Who it is, in the directory.
 */
person: string, 
/**
 * Their name as the directory has it now, else as it was when the account was made.
 */
name: string, 
/**
 * What it may do.
 */
role: AccountRole, 
/**
 * When somebody accepted its invitation.
 */
created_at: string, 
/**
 * When it was last used, to a few minutes.
 */
seen_at: string | null, 
/**
 * Devices that are signed in.
 */
sessions: number, 
/**
 * When it was ended: nobody comes in with it any more.
 */
ended_at: string | null, };

/**
 * Accounts, and the invitations that are still good.
 */
export type AccountsView = { 
/**
 * Every account, ended ones last.
 */
accounts: Array<AccountRow>, 
/**
 * Invitations, newest first.
 */
invitations: Array<InvitationRow>, 
/**
 * Restricted postmortems, and how many accounts may see each.
 */
restricted: Array<RestrictedRow>, };

/**
 * What an action item was before a change and is after it.
 */
export type ActionChanged = { 
/**
 * The item now.
 */
row: ActionRow, 
/**
 * The request that takes this change back, and only this change.
 */
undo: ActionSet, };

/**
 * Action items of the postmortems that were counted, as far as the audience may see them.
 */
export type ActionFigures = { 
/**
 * All of them.
 */
opened: number, 
/**
 * Done.
 */
done: number, 
/**
 * Declined.
 */
declined: number, 
/**
 * Open or in progress.
 */
open: number, 
/**
 * Open or in progress, and due before [`Summary::made_on`].
 */
overdue: number, 
/**
 * Length of a step.
 */
step: StepLength, 
/**
 * How many had been opened, done and declined by the end of each step. Only steps in which something changed, between
 * the first day of the period and the day the summary was made, and these two; the lines are level in between. Items whose days are
 * not known are not in them.
 */
steps: Array<ActionStep>, 
/**
 * The items that are not declined: open ones, oldest first, then done ones, newest first; at most [`LISTED`].
 */
items: Array<SummaryAction>, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * Which action items to list.
 */
export type ActionFilter = { 
/**
 * One owner; absent for everyone.
 */
owner: string | null, 
/**
 * Those without an owner.
 */
unowned: boolean, 
/**
 * Of people of one team.
 */
team: string | null, 
/**
 * Any of these statuses; empty for all.
 */
statuses: Array<ActionStatus>, 
/**
 * Due before today and neither done nor declined.
 */
overdue: boolean, 
/**
 * Of one postmortem.
 */
doc: string | null, 
/**
 * Any of these priorities.
 */
priorities: Array<Priority>, 
/**
 * Any of these services.
 */
services: Array<string>, 
/**
 * Words that its text or its postmortem's title must contain.
 */
query: string, 
/**
 * Settled items before this day are left out.
 */
settled_since: string | null, 
/**
 * Gathers them, and lists what is to be looked at again as a group of its own, that of reviews which `owner` owns
 * included.
 */
group: ActionGrouping | null, 
/**
 * Rows to leave out at the start.
 */
offset: number, 
/**
 * Rows at the most; 0 means 500.
 */
limit: number, };

/**
 * One group of a list of action items.
 */
export type ActionGroup = { 
/**
 * Tells one from another: `overdue`, `week`, `later`, `none`, `check` (done, and to be looked at again), `done` and
 * `declined`; `P0` to `P3` and `z` for no priority; a postmortem's or an owner's id; ids of services with a space between;
 * a team.
 */
key: string, 
/**
 * What it is called; empty where the key says it.
 */
label: string, 
/**
 * All its rows, on whatever page.
 */
total: number, };

/**
 * What action items are gathered by.
 */
export type ActionGrouping = "due" | "priority" | "postmortem" | "service" | "owner" | "team";

/**
 * A verifiable outcome with exactly one owner.
 */
export type ActionItem = { 
/**
 * The row's id.
 */
id: string, 
/**
 * The number in `A3`; given once by the backend, never reused.
 */
number: number | null, 
/**
 * One sentence that starts with a verb.
 */
text: string, 
/**
 * How anybody can see that it is done.
 */
done_when: string, 
/**
 * The one person who sees to it.
 */
owner: string | null, 
/**
 * Who helps, in alphabetical order of their ids.
 */
helpers: Array<string>, 
/**
 * The day it is due.
 */
due: string | null, 
/**
 * How the day was moved after the review, in the order of their ids.
 */
moves: Array<DueMove>, 
/**
 * How much it matters.
 */
priority: Priority | null, 
/**
 * What it does.
 */
type: ActionType | null, 
/**
 * Where it is.
 */
status: ActionStatus, 
/**
 * When it was done or declined, UTC.
 */
settled_at: string | null, 
/**
 * What shows that it is done.
 */
evidence: string, 
/**
 * A picture that shows that it is done.
 */
evidence_image: Image | null, 
/**
 * Whoever ticked it off left out what shows it; evidence that came later counts all the same.
 */
evidence_skipped: boolean, 
/**
 * Why it was declined.
 */
reason: string, 
/**
 * Once it is done: the day on which to look whether it worked.
 */
check_on: string | null, 
/**
 * Who looked whether it worked, and when.
 */
verified: Verified | null, 
/**
 * What was seen when somebody looked.
 */
verified_note: string, 
/**
 * When it was opened again because it had not worked, in the order of their ids.
 */
reopened: Array<Reopening>, 
/**
 * Ticket: an http(s) address or a key such as `OPS-212`.
 */
ticket: string, 
/**
 * Who may read it in an export.
 */
visibility: Visibility, };

/**
 * A page of action items: unsettled first by due date (none last), then settled, newest first; in groups, where that is
 * asked for, the same within each.
 */
export type ActionPage = { 
/**
 * The rows.
 */
rows: Array<ActionRow>, 
/**
 * Rows that match.
 */
total: number, 
/**
 * Of them open or in progress.
 */
open: number, 
/**
 * Of them done.
 */
done: number, 
/**
 * The groups that the rows belong to, in their order.
 */
groups: Array<ActionGroup>, 
/**
 * Today in the computer's zone.
 */
today: string, };

/**
 * One line of a list of action items.
 */
export type ActionRow = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The postmortem's title.
 */
doc_title: string, 
/**
 * The postmortem's severity.
 */
severity: Severity | null, 
/**
 * The postmortem is in the trash.
 */
trashed: boolean, 
/**
 * The row.
 */
id: string, 
/**
 * The number in `A3`.
 */
number: number | null, 
/**
 * What is to be done.
 */
text: string, 
/**
 * How anybody sees that it is done.
 */
done_when: string, 
/**
 * Owner.
 */
owner: string | null, 
/**
 * Owner's name.
 */
owner_name: string, 
/**
 * Owner's team; empty for none.
 */
team: string, 
/**
 * The postmortem's services.
 */
services: Array<string>, 
/**
 * Where the postmortem is on its way.
 */
doc_status: Status, 
/**
 * Due day.
 */
due: string | null, 
/**
 * Priority.
 */
priority: Priority | null, 
/**
 * Type.
 */
type: ActionType | null, 
/**
 * Status.
 */
status: ActionStatus, 
/**
 * When it was done or declined.
 */
settled_at: string | null, 
/**
 * What shows that it is done.
 */
evidence: string, 
/**
 * A picture that shows that it is done.
 */
evidence_image: Image | null, 
/**
 * Whoever ticked it off left out what shows it.
 */
evidence_skipped: boolean, 
/**
 * Why it was declined.
 */
reason: string, 
/**
 * Once it is done, and until somebody has said whether it worked: the day on which to look.
 */
check_on: string | null, 
/**
 * How often its due day was moved after the review.
 */
moves: number, 
/**
 * How often it was opened again because it had not worked.
 */
reopened: number, 
/**
 * Somebody looked whether it worked.
 */
verified: boolean, 
/**
 * Ticket.
 */
ticket: string, 
/**
 * Findings it answers: number and text.
 */
findings: Array<FindingRef>, };

/**
 * Changes fields of one action item. An absent field stays; a field that is there replaces the value.
 */
export type ActionSet = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The row.
 */
id: string, 
/**
 * New status. `declined` needs a reason, given here or already there.
 */
status?: ActionStatus, 
/**
 * New owner; an empty string takes the owner away.
 */
owner?: string, 
/**
 * New due day `YYYY-MM-DD`; an empty string takes it away.
 */
due?: string, 
/**
 * Why the due day moves. Needed, in follow-up and once closed, when the item had a day.
 */
move_reason?: string, 
/**
 * New priority; an empty string takes it away.
 */
priority?: string, 
/**
 * New ticket.
 */
ticket?: string, 
/**
 * What shows that it is done.
 */
evidence?: string, 
/**
 * A picture that shows that it is done; one without a hash takes it away.
 */
evidence_image?: Image, 
/**
 * Whoever ticks it off leaves out what shows it. Goes again when the item is no longer done.
 */
evidence_skipped?: boolean, 
/**
 * The day `YYYY-MM-DD` on which to look whether it worked; an empty string for none. An item that becomes done gets the
 * one that the shared settings ask for, unless another is named; one that is no longer done loses it.
 */
check_on?: string, 
/**
 * Why it is declined.
 */
reason?: string, 
/**
 * What was seen when somebody looked whether it worked; marks the item verified by whoever sits here. An empty string takes that back.
 */
verified_note?: string, 
/**
 * It did not work: what was seen. Opens the item again and stays in its record.
 */
did_not_work?: string, 
/**
 * Only if the fields still have these values (an undo must not take another person's work). Keys as above.
 */
only_if?: ActionSet, 
/**
 * What goes with the fields above and is not named by them; an undo alone carries it.
 */
put_back?: PutBack, };

/**
 * Where an action item is.
 */
export type ActionStatus = "open" | "in_progress" | "done" | "declined";

/**
 * How many action items there had been by the end of a day.
 */
export type ActionStep = { 
/**
 * The last day of the step.
 */
day: string, 
/**
 * Opened until then, the first day of all included.
 */
opened: number, 
/**
 * Done until then.
 */
done: number, 
/**
 * Declined until then.
 */
declined: number, };

/**
 * What an action item does. Source: Lunney, Lueder, O'Connor, Postmortem Action Items (;login: 2017).
 */
export type ActionType = "investigate" | "mitigate" | "repair" | "detect" | "prevent" | "process";

/**
 * Who did or saw something.
 */
export type Actor = { "type": "participant", "value": string } | { "type": "role", "value": string };

/**
 * An account, and whether it may see a restricted postmortem.
 */
export type AdmittedRow = { 
/**
 * The account.
 */
account: string, 
/**
 * Whose it is, in the directory.
 */
person: string, 
/**
 * Their name.
 */
name: string, 
/**
 * It is among those who see it.
 */
admitted: boolean, };

/**
 * Open action items of an age.
 */
export type AgeBucket = { 
/**
 * "Under a week", "1 to 4 weeks", "1 to 2 months", "Longer".
 */
name: string, 
/**
 * Days since they were opened: at least so many.
 */
from_days: number, 
/**
 * And fewer than so many; absent for the last.
 */
to_days: number | null, 
/**
 * How many.
 */
open: number, 
/**
 * Of them, due before the day the summary was made.
 */
overdue: number, };

/**
 * One anchor: when, how well known, and from where.
 */
export type Anchor = { 
/**
 * UTC. Absent when the precision is `unknown`.
 */
at: string | null, 
/**
 * How well `at` is known.
 */
precision: Precision, 
/**
 * Where it is known from: a sentence, a link, or the id of a timeline event as `event:<row id>`.
 */
source: string, };

/**
 * The instants that bound the phases (PRACTICE: T0 to T7).
 */
export type AnchorKey = "t0" | "t1" | "t2" | "t3" | "t4" | "t5" | "t6" | "t7";

/**
 * An error: a code that the UI acts on and a sentence that a person reads.
 */
export type ApiError = { 
/**
 * What kind of error.
 */
code: ErrorCode, 
/**
 * What happened, where, and what would be right.
 */
message: string, 
/**
 * The field of the request to mend; absent when the error is about the whole.
 */
field: string | null, };

/**
 * Who an export or a summary is made for.
 */
export type Audience = "company" | "executives" | "customers";

/**
 * Which part of the audit log.
 */
export type AuditList = { 
/**
 * Words of a name, an address or a deed.
 */
query: string, 
/**
 * Rows to leave out at the start.
 */
offset: number, 
/**
 * Rows at the most; 0 means 100.
 */
limit: number, };

/**
 * A page of the audit log, newest first.
 */
export type AuditPage = { 
/**
 * The rows.
 */
rows: Array<AuditRow>, 
/**
 * Rows in all.
 */
total: number, };

/**
 * Something that somebody did, or was refused.
 */
export type AuditRow = { 
/**
 * Its place in the audit log.
 */
seq: number, 
/**
 * When.
 */
at: string, 
/**
 * Who, by name; empty for somebody unknown and for the command line.
 */
name: string, 
/**
 * From which address; empty for the command line.
 */
address: string, 
/**
 * What, in a few words.
 */
what: string, 
/**
 * Of which postmortem.
 */
doc: string | null, 
/**
 * That postmortem's title, when the reader may see it.
 */
title: string, 
/**
 * To whom or what else; holds no text of a postmortem.
 */
detail: string, };

/**
 * A stretch of the phase bar.
 */
export type BarSegment = { 
/**
 * Its phase; absent for time that no anchor assigns.
 */
phase: Phase | null, 
/**
 * UTC.
 */
from: string, 
/**
 * UTC.
 */
to: string, 
/**
 * Share of the bar's width; all segments sum to 1.
 */
width: number, 
/**
 * This stretch is drawn shorter than its time; a break mark says so.
 */
compressed: boolean, };

/**
 * An event on the phase bar.
 */
export type BarTick = { 
/**
 * The event.
 */
event: string, 
/**
 * Its kind: a decision is a diamond.
 */
kind: EventKind, 
/**
 * Index into the segments.
 */
segment: number, 
/**
 * 0 to 1 within that segment.
 */
at: number, };

/**
 * The caller's private calendar address.
 */
export type CalendarFeed = { 
/**
 * When it was made, UTC; absent when there is none.
 */
made_at: string | null, 
/**
 * Its path on the server, `/calendar/<secret>.ics`: told once, when it is made, and kept nowhere.
 */
path: string | null, };

/**
 * Something changed: lists that show it load again.
 */
export type Changed = { "type": "postmortem", 
/**
 * Which.
 */
doc: string, } | { "type": "meeting", 
/**
 * Of which postmortem.
 */
doc: string, } | { "type": "directory" } | { "type": "published" } | { "type": "accounts", 
/**
 * Whose rights may have changed: an account's, nobody's when it is empty, anybody's when it is absent.
 */
account: string | null, } | { "type": "replica" };

/**
 * One completeness check, in plain words.
 */
export type Check = { 
/**
 * `title`, `severity`, `impact`, `event_time`, `event_phase`, `finding_event`, `finding_answer`, `action_owner`, `action_due`, …
 */
id: string, 
/**
 * Nothing is missing.
 */
ok: boolean, 
/**
 * A note, not something to mend: it counts neither as missing nor as there.
 */
note: boolean, 
/**
 * "2 action items have no owner", or what is there: "Every action item has an owner".
 */
text: string, 
/**
 * The places to mend, each with a short label such as `F6`.
 */
targets: Array<Target>, };

/**
 * What a check of the workspace found.
 */
export type CheckReport = { 
/**
 * Postmortems that were looked at.
 */
documents: number, 
/**
 * Log entries that were looked at.
 */
updates: number, 
/**
 * What is wrong, as sentences; empty when all is well.
 */
problems: Array<string>, 
/**
 * The derived tables were built anew.
 */
rebuilt: boolean, };

/**
 * What the facilitator alone sees.
 */
export type CockpitView = { 
/**
 * Private notes.
 */
notes: string, 
/**
 * Who has been heard, as far as it was marked.
 */
heard: Array<string>, };

/**
 * A place in a text that should be looked at before customers read it.
 */
export type Concern = { 
/**
 * What it is about.
 */
kind: ConcernKind, 
/**
 * It must go; otherwise it is a note.
 */
strong: boolean, 
/**
 * Where it starts: bytes from the text's start.
 */
start: number, 
/**
 * Where it ends: bytes from the text's start.
 */
end: number, 
/**
 * The words.
 */
text: string, 
/**
 * Why, in one line.
 */
why: string, 
/**
 * What to write instead.
 */
instead: string, };

/**
 * What is wrong with a place.
 */
export type ConcernKind = "name" | "unknown_name" | "role" | "personal" | "machine" | "service" | "vendor" | "ticket" | "customer" | "speculation" | "date" | "passed" | "outage" | "legal" | "security";

/**
 * Two anchors in the wrong order.
 */
export type Contradiction = { 
/**
 * The anchor that belongs first.
 */
earlier: AnchorKey, 
/**
 * The anchor that belongs after it.
 */
later: AnchorKey, 
/**
 * What is wrong, as a sentence.
 */
text: string, };

/**
 * The post for customers of a postmortem, for its page.
 */
export type CustomerPost = { 
/**
 * What it says.
 */
post: Post, 
/**
 * What has to be looked at in its title; places are counted in UTF-16 units, here and below.
 */
title: Array<Concern>, 
/**
 * In the summary.
 */
summary: Array<Concern>, 
/**
 * In what happened.
 */
happened: Array<Concern>, 
/**
 * In what we are doing.
 */
doing: Array<Concern>, 
/**
 * In each of the updates, in their order.
 */
updates: Array<Array<Concern>>, };

/**
 * An action item that will not be done.
 */
export type DeclinedItem = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The postmortem's title, as [`SummaryRow::title`].
 */
title: string, 
/**
 * The row.
 */
id: string, 
/**
 * The number in `A3`.
 */
number: number | null, 
/**
 * What would have been done.
 */
text: string, 
/**
 * Why it is not; empty when nobody said.
 */
reason: string, 
/**
 * The day it was declined.
 */
declined_on: string | null, };

/**
 * Accepted risks.
 */
export type DeclinedItems = { 
/**
 * The newest first; at most [`LISTED`].
 */
items: Array<DeclinedItem>, 
/**
 * How many there are.
 */
total: number, 
/**
 * What is listed.
 */
note: FigureNote, };

/**
 * Makes the example.
 */
export type DemoNew = { 
/**
 * Not the login outage alone: fifteen incidents of half a year, with their people and services.
 */
year?: boolean, };

/**
 * What is computed of a postmortem, and where it lies.
 */
export type Derived = { 
/**
 * It lies in the trash, where nobody changes it.
 */
trashed: boolean, 
/**
 * Detect, engage, access, diagnose, repair, confirm, total; always all of them, in this order.
 */
durations: Array<DurationFigure>, 
/**
 * Detection, response and remediation; always all of them.
 */
phases: Array<PhaseSpan>, 
/**
 * Pairs of anchors that are in the wrong order, as sentences.
 */
contradictions: Array<Contradiction>, 
/**
 * The phase bar's geometry; empty when nothing has a time.
 */
bar: PhaseBar, 
/**
 * Completeness checks: what is missing first, then what is there.
 */
checks: Array<Check>, 
/**
 * First instant of the incident that is known: T0, else the earliest anchor, else the earliest event. UTC.
 */
starts: string | null, 
/**
 * T6, else T7, else nothing. UTC.
 */
ends: string | null, 
/**
 * Communication events that customers could read.
 */
public_updates: number, 
/**
 * Seconds from T0 to the first of them.
 */
first_public_word: number | null, };

/**
 * A piece of a readable difference.
 */
export type DiffPiece = { 
/**
 * `same`, `removed` or `added`.
 */
kind: string, 
/**
 * The words.
 */
text: string, };

/**
 * The day of the weekly digest.
 */
export type DigestDay = "never" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/**
 * Everything that a workspace shares besides its postmortems.
 */
export type Directory = { 
/**
 * People by name.
 */
people: Array<Person>, 
/**
 * Services by name.
 */
services: Array<Service>, 
/**
 * Themes of findings, in alphabetical order.
 */
themes: Array<string>, 
/**
 * Templates that people of this workspace added or changed, by id. The built-in ones are not in it.
 */
templates: Array<StoredTemplate>, 
/**
 * Export templates that people of this workspace changed, by the id of their page. A page without one is as it came.
 */
export_templates: Array<StoredTemplate>, 
/**
 * Where this workspace keeps its tickets, by name.
 */
trackers: Array<Tracker>, 
/**
 * What everybody in the workspace goes by.
 */
settings: SharedSettings, };

/**
 * The workspace's directory.
 */
export type DirectoryView = { 
/**
 * People, services, themes, settings.
 */
directory: Directory, 
/**
 * Open action items by owner.
 */
open_actions: { [key in string]: number }, };

/**
 * Names one postmortem.
 */
export type DocRef = { 
/**
 * The postmortem.
 */
doc: string, };

/**
 * Something written silently, which nobody else sees before the reveal.
 */
export type Draft = { 
/**
 * Chosen by whoever writes it: a UUID.
 */
id: string, 
/**
 * One sentence.
 */
text: string, 
/**
 * What it did to the outcome.
 */
kind: FindingKind, };

/**
 * Days until an action item is due, by the severity of its postmortem.
 */
export type DueDays = { sev1: number, sev2: number, sev3: number, sev4: number, sev5: number, };

/**
 * A due day that was moved, or taken away, after the review.
 */
export type DueMove = { 
/**
 * Its own id, a UUIDv7, which rises with time.
 */
id: string, 
/**
 * When it was moved, UTC.
 */
at: string, 
/**
 * Who moved it; absent when nobody had said who they are.
 */
by: string | null, 
/**
 * The day it was due before.
 */
from: string | null, 
/**
 * The day it is due now; absent when the day was taken away.
 */
to: string | null, 
/**
 * Why.
 */
reason: string, };

/**
 * One incident's length of a stretch.
 */
export type DurationDot = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * Its title, as [`SummaryRow::title`].
 */
label: string, 
/**
 * Its severity.
 */
severity: Severity | null, 
/**
 * Whole seconds, 0 or more.
 */
seconds: number, 
/**
 * It rests on an estimate.
 */
about: boolean, };

/**
 * A duration between two anchors, with its definition.
 */
export type DurationFigure = { 
/**
 * `detect`, `engage`, `access`, `diagnose`, `repair`, `confirm`, `total`.
 */
key: string, 
/**
 * "Time to detect".
 */
name: string, 
/**
 * "From the start of the impact (T0) until the first of us knew (T2)".
 */
definition: string, 
/**
 * The anchor it starts at.
 */
from: AnchorKey, 
/**
 * The anchor it ends at.
 */
to: AnchorKey, 
/**
 * Whole seconds; absent when an anchor is missing or the pair is contradictory.
 */
seconds: number | null, 
/**
 * One of the anchors is an estimate.
 */
about: boolean, 
/**
 * Anchors that are missing.
 */
missing: Array<AnchorKey>, 
/**
 * The end lies before the start.
 */
contradictory: boolean, };

/**
 * Every incident's length of one stretch.
 */
export type DurationStrip = { 
/**
 * `detection`, `response`, `remediation`, `total`, `first_word`.
 */
key: string, 
/**
 * "Detection", "Response", "Remediation", "Whole impact", "First public word".
 */
name: string, 
/**
 * The phase, where it is one.
 */
phase: Phase | null, 
/**
 * One per incident that it is known of, shortest first. A length of 0 seconds is possible.
 */
dots: Array<DurationDot>, 
/**
 * Dots that rest on an estimate.
 */
estimates: number, 
/**
 * Absent with fewer than [`ENOUGH`] dots: they are listed then, and nothing is drawn.
 */
middle: MiddleHalf | null, 
/**
 * What is measured, and of how many incidents it is not known.
 */
note: FigureNote, };

/**
 * An empty request or response.
 */
export type Empty = Record<symbol, never>;

/**
 * How what guests send and get travels.
 */
export type Encryption = "own" | "plain";

/**
 * What the caller can do about an error.
 */
export type ErrorCode = "not_found" | "invalid" | "conflict" | "refused" | "unavailable" | "internal";

/**
 * What a timeline event is.
 */
export type EventKind = "signal" | "observation" | "communication" | "decision" | "change" | "restored";

/**
 * What to export.
 */
export type ExportRequest = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * `md`, `html` or `json`; of the post for customers `post-md`, `post-html`, `post-txt` or `post-json`.
 */
format: string, 
/**
 * Only looked at: no version is named after it.
 */
preview?: boolean, 
/**
 * Roles instead of names.
 */
anonymise?: boolean, 
/**
 * With `anonymise`: owners stay as owners, by name.
 */
keep_owners?: boolean, };

/**
 * Writes an export to a file that the person chose.
 */
export type ExportSave = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * As in [`ExportRequest`].
 */
format: string, 
/**
 * Absolute path. Desktop alone.
 */
path: string, 
/**
 * Roles instead of names.
 */
anonymise?: boolean, 
/**
 * With `anonymise`: owners stay as owners, by name.
 */
keep_owners?: boolean, };

/**
 * What an export wrote.
 */
export type ExportSaved = { 
/**
 * The files, absolute.
 */
paths: Array<string>, 
/**
 * What was replaced by roles and what to look at, in UTF-16 units (the command line: bytes); absent when names stayed.
 */
roles: RolesReport | null, };

/**
 * The template of a page that is exported.
 */
export type ExportTemplate = { 
/**
 * The page: `postmortem`, `one-summary`, `post` or `summary`.
 */
id: string, 
/**
 * The page's name.
 */
name: string, 
/**
 * What is made with it, in one sentence.
 */
description: string, 
/**
 * The template that comes with Debrief.
 */
builtin: string, 
/**
 * The workspace's own, when it was changed.
 */
own: string | null, };

/**
 * What became of an export template that was tried.
 */
export type ExportTemplateTried = { 
/**
 * What is wrong; empty for a good template.
 */
problems: Array<TemplateProblem>, 
/**
 * The name under which its page of example data can be looked at, when it is good.
 */
page: string | null, };

/**
 * An export as text.
 */
export type Exported = { 
/**
 * A file name that fits: `2026-11-10-login-page-outage.md`.
 */
file_name: string, 
/**
 * MIME type.
 */
mime: string, 
/**
 * The text; empty for a format that is none.
 */
text: string, 
/**
 * The bytes of a format that is no text, in Base64 (RFC 4648).
 */
base64: string | null, 
/**
 * Files that belong beside it (images of a Markdown export).
 */
assets: number, 
/**
 * What was replaced by roles and what to look at, in UTF-16 units (the command line: bytes); absent when names stayed.
 */
roles: RolesReport | null, };

/**
 * What a figure means, and what it does not cover.
 */
export type FigureNote = { 
/**
 * What was counted or measured, as a sentence.
 */
definition: string, 
/**
 * What is missing from it; empty when nothing is.
 */
left_out: Array<LeftOut>, };

/**
 * Something true that was learned about how work and system really were, without the fix in it.
 */
export type Finding = { 
/**
 * The row's id.
 */
id: string, 
/**
 * The number in `F5`; given once by the backend, never reused.
 */
number: number | null, 
/**
 * One sentence.
 */
text: string, 
/**
 * What it did to the outcome.
 */
kind: FindingKind, 
/**
 * Which stretch of the incident it is about.
 */
phase: Phase | null, 
/**
 * One word: monitoring, access, documentation, escalation, communication, …
 */
theme: string, 
/**
 * Timeline events that show it, in timeline order.
 */
events: Array<string>, 
/**
 * Action items that answer it, in the order of the action items.
 */
actions: Array<string>, 
/**
 * The room decided that nothing needs doing; `no_action_reason` says why.
 */
no_action: boolean, 
/**
 * Why nothing needs doing.
 */
no_action_reason: string, 
/**
 * Who may read it in an export.
 */
visibility: Visibility, };

/**
 * What a finding did to the outcome.
 */
export type FindingKind = "hindered" | "helped" | "surprised" | "luck" | "risk";

/**
 * A finding as an action item names it.
 */
export type FindingRef = { 
/**
 * The row.
 */
id: string, 
/**
 * The number in `F5`.
 */
number: number | null, 
/**
 * Its text.
 */
text: string, };

/**
 * Who noticed an incident first.
 */
export type FirstNoticed = { 
/**
 * Incidents that customers noticed first.
 */
by_customers: number, 
/**
 * Incidents of which is known who noticed first.
 */
known: number, 
/**
 * Incidents of which it is not known.
 */
unknown: number, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * Time to the first public word.
 */
export type FirstWord = { 
/**
 * Every incident's.
 */
strip: DurationStrip, 
/**
 * Incidents whose first public word came within [`QUICK_WORD`].
 */
quick: number, };

/**
 * One postmortem in more words.
 */
export type Focus = { 
/**
 * Its line of the table.
 */
row: SummaryRow, 
/**
 * Markdown: its section `summary`, else its first section that is not empty. Empty for customers: sections are written
 * for the company.
 */
text: string, 
/**
 * Its findings that the audience may see, by number.
 */
findings: Array<FocusFinding>, 
/**
 * Its action items that the audience may see, declined ones included, by number.
 */
actions: Array<SummaryAction>, 
/**
 * What customers could read while it went on, oldest first: the texts of its public communication events, as far as the
 * audience may see them.
 */
public_updates: Array<string>, };

/**
 * A finding of the postmortem in focus.
 */
export type FocusFinding = { 
/**
 * The number in `F5`.
 */
number: number | null, 
/**
 * What was found.
 */
text: string, 
/**
 * What it did to the outcome.
 */
kind: FindingKind, 
/**
 * Which stretch of the incident it is about.
 */
phase: Phase | null, };

/**
 * Whether a published copy still says what it would say if it was made now.
 */
export type Freshness = "up_to_date" | "out_of_date" | "source_gone";

/**
 * Names one guest.
 */
export type GuestRef = { 
/**
 * The guest.
 */
guest: string, };

/**
 * Lets a guest write, or read along alone.
 */
export type GuestRight = { 
/**
 * The guest.
 */
guest: string, 
/**
 * `viewer` or `editor`.
 */
right: RoomRight, };

/**
 * The sentences at the head of a summary, and the figures they are made of.
 */
export type Headline = { 
/**
 * "15 incidents, 58 improvements made".
 */
title: string, 
/**
 * Two sentences at the most; none when nothing happened.
 */
sentences: Array<string>, 
/**
 * Incidents that were counted.
 */
incidents: number, 
/**
 * Of them, drafts.
 */
drafts: number, 
/**
 * Median of the whole impact; absent with fewer than [`ENOUGH`].
 */
median_total: number | null, 
/**
 * Incidents whose detection took longer than their response and longer than their remediation.
 */
detection_longest: number, 
/**
 * Incidents with all three phases known, of which `detection_longest` is a part.
 */
all_phases_known: number, };

/**
 * One place to look at again.
 */
export type Hint = { 
/**
 * Which rule.
 */
rule: HintRule, 
/**
 * How sure it is.
 */
strength: HintStrength, 
/**
 * Where it starts: bytes from the text's start.
 */
start: number, 
/**
 * Where it ends: bytes from the text's start.
 */
end: number, 
/**
 * Why, in one line.
 */
why: string, 
/**
 * What to write or to ask instead.
 */
instead: string, };

/**
 * Where a text stands. Some rules are for one place alone.
 */
export type HintKind = "section" | "timeline" | "finding" | "action";

/**
 * The language of a text, as far as hints are concerned.
 */
export type HintLanguage = "english" | "other";

/**
 * What there is to say about a text.
 */
export type HintReport = { 
/**
 * Whether the hints apply at all.
 */
language: HintLanguage, 
/**
 * Strong ones first, then by place. They do not overlap.
 */
hints: Array<Hint>, 
/**
 * Lines of chats, quotes and logs. They are other people's words and were not looked at.
 */
quoted_lines: number, };

/**
 * The rules, named by their numbers.
 */
export type HintRule = "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R9" | "R10" | "R11" | "R12" | "R13" | "R14" | "R15";

/**
 * How sure a hint is.
 */
export type HintStrength = "strong" | "soft";

/**
 * A text to look at.
 */
export type HintsAsk = { 
/**
 * Its postmortem: the people who take part are known by name.
 */
doc: string, 
/**
 * Where it stands.
 */
kind: HintKind, 
/**
 * The text.
 */
text: string, };

/**
 * One change of a row: who, when, what.
 */
export type HistoryEntry = { 
/**
 * When the backend took it.
 */
at: string, 
/**
 * Who; absent when nobody had said who they are.
 */
by: string | null, 
/**
 * Their name.
 */
by_name: string, 
/**
 * `status`, `owner`, `due`, `text`, `created`, `deleted`, …
 */
field: string, 
/**
 * A sentence: "Due moved from 18 Nov to 25 Nov".
 */
text: string, 
/**
 * The value before, as text.
 */
before: string, 
/**
 * The value after, as text.
 */
after: string, };

/**
 * Names one thing by its id.
 */
export type IdRef = { 
/**
 * The id.
 */
id: string, };

/**
 * A picture that lies in the workspace beside the documents.
 */
export type Image = { 
/**
 * SHA-256 of its bytes, 64 lower-case hexadecimal digits.
 */
hash: string, 
/**
 * What it shows, for those who cannot see it.
 */
alt: string, };

/**
 * One figure of what the incident did to people.
 */
export type ImpactFact = { 
/**
 * The row's id.
 */
id: string, 
/**
 * What was counted: "Support requests".
 */
text: string, 
/**
 * A number or a few words.
 */
value: string, 
/**
 * Unit of the value; may be empty.
 */
unit: string, 
/**
 * When it was so; absent when unknown.
 */
at: Moment | null, 
/**
 * The value is an estimate.
 */
estimate: boolean, };

/**
 * A file to import, already read.
 */
export type ImportRequest = { 
/**
 * Its name, for messages and to tell its format.
 */
file_name: string, 
/**
 * Its text.
 */
text: string, };

/**
 * What an import made.
 */
export type Imported = { 
/**
 * The new postmortem.
 */
doc: string, 
/**
 * Its title.
 */
title: string, 
/**
 * What could not be taken as it was, as sentences.
 */
notes: Array<string>, };

/**
 * An invitation that can still be accepted. Its secret is known to whoever got the link alone.
 */
export type InvitationRow = { 
/**
 * Names it.
 */
id: string, 
/**
 * For whom, when that was said.
 */
name: string, 
/**
 * The role that it gives.
 */
role: AccountRole, 
/**
 * The account that another device is to be signed in to; absent when it makes a new one.
 */
account: string | null, 
/**
 * Who made it; empty for the command line.
 */
by: string, 
/**
 * When.
 */
created_at: string, 
/**
 * Until when it is good.
 */
expires_at: string, };

/**
 * A link that lets somebody in once.
 */
export type Invited = { 
/**
 * To be handed to that person alone; it is shown this once.
 */
link: string, 
/**
 * Until when it is good.
 */
expires_at: string, };

/**
 * A number of things that a figure does not cover.
 */
export type LeftOut = { 
/**
 * Why.
 */
reason: LeftOutReason, 
/**
 * How many; 0 when the audience is not to know.
 */
count: number, 
/**
 * "3 of 15 have no time of detection."
 */
text: string, };

/**
 * Why something is not in a figure.
 */
export type LeftOutReason = "missing" | "contradictory" | "hidden" | "long";

/**
 * What a match of a ticket with an action item rests on.
 */
export type MatchedBy = "number" | "words" | "order" | "nothing";

/**
 * What is asked. Stages are counted from 0.
 */
export type MeetingAct = { "type": "go", 
/**
 * The stage that the caller sees.
 */
from: number, 
/**
 * Where to.
 */
to: number, } | { "type": "prompt", 
/**
 * Which, from 0.
 */
index: number, } | { "type": "borrow", 
/**
 * Seconds.
 */
seconds: number, 
/**
 * The stage that lends.
 */
from: number, } | { "type": "skip", 
/**
 * Which.
 */
stage: number, 
/**
 * Left out.
 */
skip: boolean, } | { "type": "add_stage", 
/**
 * The stage before it.
 */
after: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Seconds.
 */
seconds: number, 
/**
 * What is captured in it.
 */
captures: string, } | { "type": "move_stage", 
/**
 * Which.
 */
stage: number, 
/**
 * Where to.
 */
to: number, } | { "type": "lock", 
/**
 * Locked.
 */
on: boolean, } | { "type": "hand_over", 
/**
 * Who leads from now on: somebody who has come.
 */
to: string, } | { "type": "take_lead" } | { "type": "arrive" } | { "type": "ready", 
/**
 * Ready.
 */
on: boolean, } | { "type": "begin_silent" } | { "type": "reveal" } | { "type": "draft", 
/**
 * The draft.
 */
draft: Draft, } | { "type": "begin_voting", 
/**
 * Votes that each has.
 */
each: number, } | { "type": "end_voting" } | { "type": "vote", 
/**
 * The row.
 */
row: string, 
/**
 * Voted for.
 */
on: boolean, } | { "type": "ask" } | { "type": "answer", 
/**
 * Yes.
 */
yes: boolean, } | { "type": "show_hint", 
/**
 * The hint.
 */
hint: ShownHint | null, } | { "type": "notes", 
/**
 * All of them.
 */
text: string, } | { "type": "heard", 
/**
 * Who.
 */
person: string, 
/**
 * Heard.
 */
on: boolean, } | { "type": "end" };

/**
 * Does something in a review meeting.
 */
export type MeetingDo = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * What.
 */
act: MeetingAct, };

/**
 * The review meeting of a postmortem.
 */
export type MeetingFound = { 
/**
 * As the caller may see it; absent when there never was one.
 */
meeting: MeetingView | null, };

/**
 * How long a whole meeting is to take.
 */
export type MeetingLength = "short" | "usual" | "long";

/**
 * Opens a review meeting.
 */
export type MeetingOpen = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * How long it is to take.
 */
length: MeetingLength, };

/**
 * One stage of a running meeting.
 */
export type MeetingStage = { 
/**
 * Slug.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * What is captured in it: `impact`, `timeline`, `findings`, `actions`, `parking` or nothing.
 */
captures: string, 
/**
 * What the facilitator asks.
 */
prompts: Array<string>, 
/**
 * Seconds it may take, what was borrowed or lent included.
 */
planned: number, 
/**
 * Seconds that it has taken so far, without the stretch that runs now.
 */
used: number, 
/**
 * It is left out.
 */
skipped: boolean, };

/**
 * A meeting as one participant sees it.
 */
export type MeetingView = { 
/**
 * Rises with every change.
 */
revision: number, 
/**
 * Now, by the clock of the computer that holds the meeting: every other time here is of that clock.
 */
now: string, 
/**
 * When it was opened.
 */
started_at: string, 
/**
 * When it was ended.
 */
ended_at: string | null, 
/**
 * Who leads it.
 */
facilitator: string, 
/**
 * Who I am.
 */
me: string, 
/**
 * What I may do.
 */
right: RoomRight, 
/**
 * This is the computer that holds the meeting.
 */
host: boolean, 
/**
 * What whoever sits at that computer is called; empty when they have not said who they are.
 */
host_name: string, 
/**
 * The stages in order.
 */
stages: Array<MeetingStage>, 
/**
 * The stage that the room is in, from 0.
 */
at: number, 
/**
 * Since when it has been in that stage: its clock shows `used` and what has passed since.
 */
since: string, 
/**
 * The prompt of the stage that is shown, from 0.
 */
prompt: number, 
/**
 * Nobody else may join.
 */
locked: boolean, 
/**
 * Who has come since it was opened.
 */
present: Array<string>, 
/**
 * Who has said that they are ready to go on.
 */
ready: Array<string>, 
/**
 * Silent writing, while it goes on.
 */
silent: SilentView | null, 
/**
 * Votes, when there are any.
 */
voting: VotingView | null, 
/**
 * The question to the room, once it is asked.
 */
question: QuestionView | null, 
/**
 * A wording hint that is shown to the room.
 */
hint: ShownHint | null, 
/**
 * What the facilitator alone sees.
 */
cockpit: CockpitView | null, };

/**
 * Median and quartiles, in whole seconds. All three are lengths that incidents had, never something between two of them
 * (the nearest rank, rounded up: with n lengths in order, the ⌈n/4⌉th, ⌈n/2⌉th and ⌈3n/4⌉th). Of an even number the median is
 * thus the lower one of the two in the middle, and "half were over within" is true of it.
 */
export type MiddleHalf = { 
/**
 * A quarter took no longer.
 */
lower: number, 
/**
 * Half took no longer.
 */
median: number, 
/**
 * Three quarters took no longer.
 */
upper: number, };

/**
 * An instant as a person entered it.
 */
export type Moment = { 
/**
 * UTC.
 */
at: string, 
/**
 * IANA name of the zone it was entered in.
 */
zone: string, 
/**
 * `exact` or `about`; an unknown time is no moment at all.
 */
precision: Precision, };

/**
 * The incidents that began in a month.
 */
export type Month = { 
/**
 * First day of the month.
 */
first: string, 
/**
 * How many, by severity.
 */
counts: SeverityCounts, 
/**
 * Each of them, the most severe first, then by time.
 */
incidents: Array<MonthIncident>, };

/**
 * One incident of a month.
 */
export type MonthIncident = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * Its title, as [`SummaryRow::title`].
 */
label: string, 
/**
 * Its severity.
 */
severity: Severity | null, };

/**
 * Incidents per month.
 */
export type Months = { 
/**
 * Every month of the period in order, also those without incidents; of a period of more than fifty years only the
 * months that have some.
 */
months: Array<Month>, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * The page of a tracker on which a new issue is filled in already.
 */
export type NewIssue = { 
/**
 * The tracker.
 */
tracker: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Where to go, http or https.
 */
address: string, 
/**
 * The text did not fit and ends early.
 */
shortened: boolean, };

/**
 * What a new postmortem starts with.
 */
export type NewPostmortem = { 
/**
 * Template id; empty for the workspace's default.
 */
template: string, 
/**
 * Title; may be empty.
 */
title: string, 
/**
 * Severity.
 */
severity: Severity | null, 
/**
 * IANA zone; empty for the workspace's default.
 */
timezone: string, 
/**
 * Services, by id.
 */
services: Array<string>, };

/**
 * What a trashed or erased postmortem leaves open: shown before it goes.
 */
export type OpenActions = { 
/**
 * Its action items that are neither done nor declined.
 */
actions: Array<ActionRow>, };

/**
 * How long open action items have been open.
 */
export type OpenAges = { 
/**
 * Under a week, one to four weeks, one to two months, longer; always these four, in this order.
 */
buckets: Array<AgeBucket>, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * A review meeting that goes on.
 */
export type OpenMeeting = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The name of the stage that the room is in.
 */
stage: string, 
/**
 * Seconds that are left of it when this is answered; below zero once its time is over.
 */
left: number, 
/**
 * Who has come.
 */
present: Array<string>, };

/**
 * What came up in the review and belongs elsewhere or later.
 */
export type ParkingItem = { 
/**
 * The row's id.
 */
id: string, 
/**
 * What was said.
 */
text: string, 
/**
 * Who raised it.
 */
raised_by: Actor | null, };

/**
 * A person of the directory with a role in this review. Name and title are copied, so that a guest needs no directory.
 */
export type Participant = { 
/**
 * The row's id.
 */
id: string, 
/**
 * The directory's person; absent for somebody who is known by name alone.
 */
person: string | null, 
/**
 * The name to show.
 */
name: string, 
/**
 * What they were in this review.
 */
role: ReviewRole, 
/**
 * Their role in the company, such as "Social media manager".
 */
title: string, };

/**
 * A file that the person chose. Desktop alone.
 */
export type PathRef = { 
/**
 * Absolute path.
 */
path: string, };

/**
 * Somebody who may take part, own an action item, or be named.
 */
export type Person = { 
/**
 * UUIDv7.
 */
id: string, 
/**
 * Full name as it is shown.
 */
name: string, 
/**
 * Short name, such as a first name; empty when the same.
 */
short_name: string, 
/**
 * Handle in chat, without the @.
 */
handle: string, 
/**
 * E-mail address.
 */
email: string, 
/**
 * Role in the company, such as "Support agent".
 */
role_title: string, 
/**
 * The team they work in, in plain words; empty for none.
 */
team: string, 
/**
 * They left: kept for what they did, not offered for anything new.
 */
left: boolean, 
/**
 * IANA zone that they live by; empty for the workspace's.
 */
timezone: string, 
/**
 * Which reminders they want.
 */
reminders: ReminderWish, };

/**
 * A stretch of an incident's clock (the first three) or of the work after it. Source: Hand, Post-Incident Reviews.
 */
export type Phase = "detection" | "response" | "remediation" | "analysis" | "readiness";

/**
 * The phase bar, drawn to scale, with long gaps compressed.
 */
export type PhaseBar = { 
/**
 * Segments from left to right. Neighbours of one phase stand on both sides of a compressed gap.
 */
segments: Array<BarSegment>, 
/**
 * Events at their true time.
 */
ticks: Array<BarTick>, 
/**
 * The incident has not ended: the right end fades.
 */
open: boolean, };

/**
 * One of the three phases on the incident's clock. A missing border gives an unknown length, never a guess.
 */
export type PhaseSpan = { 
/**
 * Which phase.
 */
phase: Phase, 
/**
 * UTC.
 */
from: string | null, 
/**
 * UTC.
 */
to: string | null, 
/**
 * Whole seconds; absent when a border is unknown or they contradict.
 */
seconds: number | null, 
/**
 * A border is an estimate.
 */
about: boolean, };

/**
 * What a status page tells of an incident.
 */
export type Post = { 
/**
 * The incident's name for customers.
 */
title: string, 
/**
 * How much they felt.
 */
impact: PostImpact, 
/**
 * Where the incident is.
 */
status: PostStatus, 
/**
 * When the impact started (T0), UTC.
 */
starts: string | null, 
/**
 * When it ended (T6), UTC; absent also when it would lie before the start.
 */
ends: string | null, 
/**
 * The start is an estimate.
 */
starts_about: boolean, 
/**
 * The end is an estimate.
 */
ends_about: boolean, 
/**
 * IANA zone to show times in.
 */
timezone: string, 
/**
 * What it was, for whom and how long.
 */
summary: PostText, 
/**
 * What happened, in plain words.
 */
happened: PostText, 
/**
 * What changes so that it does not come back.
 */
doing: PostText, 
/**
 * What customers were told meanwhile, the oldest first.
 */
updates: Array<PostUpdate>, 
/**
 * Rows for customers that the draft left out because they name people, machines, tickets or other customers.
 */
left_out: number, };

/**
 * How much customers felt, in a status page's words.
 */
export type PostImpact = "none" | "minor" | "major" | "critical";

/**
 * Where an incident is, in a status page's words; the order is that of time.
 */
export type PostStatus = "investigating" | "identified" | "monitoring" | "resolved" | "postmortem";

/**
 * One of the three texts of a post.
 */
export type PostText = { 
/**
 * Id of the section of the document that holds it once it was edited.
 */
section: string, 
/**
 * Its heading in the post.
 */
heading: string, 
/**
 * Markdown.
 */
text: string, 
/**
 * Somebody wrote it; otherwise it is a draft.
 */
edited: boolean, };

/**
 * Something that customers were told during the incident.
 */
export type PostUpdate = { 
/**
 * When, UTC.
 */
at: string | null, 
/**
 * The time is an estimate.
 */
about: boolean, 
/**
 * Where the incident was then.
 */
status: PostStatus, 
/**
 * What was said; empty when no words of it are marked for customers.
 */
text: string, };

/**
 * One incident's document as plain data: what an export shows and an import writes. Hidden (deleted) rows are not in it.
 */
export type Postmortem = { 
/**
 * The document's own id.
 */
id: string, 
/**
 * Version of the document schema; 1 is the first.
 */
schema: number, 
/**
 * One line, as people wrote it.
 */
title: string, 
/**
 * Absent until somebody has judged it.
 */
severity: Severity | null, 
/**
 * Where the document is on its way.
 */
status: Status, 
/**
 * IANA name of the zone that times are shown in, such as `Europe/Berlin`.
 */
timezone: string, 
/**
 * Id of the review template it was made from.
 */
template: string, 
/**
 * The one person who brings the document to its end.
 */
review_owner: string | null, 
/**
 * Services that were affected, in alphabetical order of their ids.
 */
services: Array<string>, 
/**
 * Free words, in alphabetical order.
 */
tags: Array<string>, 
/**
 * Text sections in the template's order.
 */
sections: Array<Section>, 
/**
 * The instants that bound the phases; a missing key is an unknown anchor.
 */
anchors: { [key in AnchorKey]?: Anchor }, 
/**
 * Timeline events: by time, events without a time in their place among the others.
 */
timeline: Array<TimelineEvent>, 
/**
 * Findings in the order people gave them.
 */
findings: Array<Finding>, 
/**
 * Action items in the order people gave them.
 */
actions: Array<ActionItem>, 
/**
 * Impact facts in the order people gave them.
 */
impact: Array<ImpactFact>, 
/**
 * What came up and belongs elsewhere or later.
 */
parking: Array<ParkingItem>, 
/**
 * Who took part, each with a role in this review.
 */
participants: Array<Participant>, };

/**
 * Says who may see a postmortem.
 */
export type PostmortemAccessSet = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Only the accounts below see it.
 */
restricted: boolean, 
/**
 * Who sees it. Whoever says so stays among them.
 */
accounts: Array<string>, };

/**
 * Who may see a postmortem, and whom that can be said of.
 */
export type PostmortemAccessView = { 
/**
 * Only those of `people` who are admitted see it.
 */
restricted: boolean, 
/**
 * Every account that was not ended.
 */
people: Array<AdmittedRow>, };

/**
 * Which postmortems to list. Empty lists and absent values do not restrict.
 */
export type PostmortemFilter = { 
/**
 * Words that titles, findings, events, sections, action items or people's names must contain.
 */
query: string, 
/**
 * One status.
 */
status: Status | null, 
/**
 * Any of these severities.
 */
severities: Array<Severity>, 
/**
 * Any of these services.
 */
services: Array<string>, 
/**
 * Any of these tags.
 */
tags: Array<string>, 
/**
 * Incidents of this day and later, in the computer's zone.
 */
from: string | null, 
/**
 * Incidents of this day and earlier, in the computer's zone.
 */
to: string | null, 
/**
 * List the trash instead.
 */
trashed: boolean, 
/**
 * Order.
 */
sort: PostmortemSort, 
/**
 * Rows to leave out at the start.
 */
offset: number, 
/**
 * Rows at the most; 0 means 200.
 */
limit: number, };

/**
 * A page of the list of postmortems.
 */
export type PostmortemPage = { 
/**
 * The rows.
 */
rows: Array<PostmortemRow>, 
/**
 * Rows that match the filter, all pages together.
 */
total: number, 
/**
 * Rows that match the filter without its status, by status.
 */
by_status: StatusCounts, };

/**
 * One line of the list of postmortems.
 */
export type PostmortemRow = { 
/**
 * The postmortem.
 */
id: string, 
/**
 * Its title; may be empty.
 */
title: string, 
/**
 * Its severity.
 */
severity: Severity | null, 
/**
 * Its status.
 */
status: Status, 
/**
 * Names of its services.
 */
services: Array<string>, 
/**
 * Its tags.
 */
tags: Array<string>, 
/**
 * When the incident began (`Derived::starts`).
 */
starts: string | null, 
/**
 * Its display zone.
 */
timezone: string, 
/**
 * Seconds of detection.
 */
detection: number | null, 
/**
 * Seconds of response.
 */
response: number | null, 
/**
 * Seconds of remediation.
 */
remediation: number | null, 
/**
 * Seconds from T0 to T6.
 */
total: number | null, 
/**
 * A figure above rests on an estimate.
 */
about: boolean, 
/**
 * Action items, all.
 */
actions: number, 
/**
 * Action items that are done or declined.
 */
actions_settled: number, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * When it was last changed, to the second.
 */
updated_at: string, 
/**
 * When it was moved to the trash.
 */
trashed_at: string | null, 
/**
 * Only people who were named may see it; see accounts of a served workspace.
 */
restricted: boolean, };

/**
 * How a list of postmortems is ordered.
 */
export type PostmortemSort = "newest" | "oldest" | "severity" | "title" | "duration" | "updated";

/**
 * How well an instant is known.
 */
export type Precision = "exact" | "about" | "unknown";

/**
 * How much an action item matters; P0 comes first.
 */
export type Priority = "P0" | "P1" | "P2" | "P3";

/**
 * What earlier reviews promised and has not been done.
 */
export type Promises = { 
/**
 * Their open action items, the longest due first.
 */
actions: Array<ActionRow>, };

/**
 * Keeps something as it is now, as a published copy.
 */
export type Publish = { 
/**
 * What.
 */
what: PublishWhat, };

/**
 * What is to be published.
 */
export type PublishWhat = { "kind": "period", 
/**
 * Which one.
 */
request: SummaryRequest, } | { "kind": "summary", 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Roles instead of names.
 */
anonymise: boolean, 
/**
 * With `anonymise`: owners stay as owners, by name.
 */
keep_owners: boolean, } | { "kind": "post", 
/**
 * The postmortem.
 */
doc: string, };

/**
 * One line of the list of published copies.
 */
export type PublishedCopy = { 
/**
 * A UUIDv7.
 */
id: string, 
/**
 * What it is of.
 */
kind: PublishedKind, 
/**
 * The postmortem that it was made from; absent for a period.
 */
doc: string | null, 
/**
 * That postmortem was erased for good; the copy stays.
 */
source_gone: boolean, 
/**
 * The period in words, or the title that the copy has.
 */
title: string, 
/**
 * For whom it was made.
 */
readers: Audience, 
/**
 * When it was published.
 */
at: string, 
/**
 * Who published it, as the directory names them now; empty when nobody had said who they are.
 */
by: string, 
/**
 * When the copy was published that this one took the place of, when it is still kept.
 */
replaces: string | null, 
/**
 * When the copy was published that took the place of this one.
 */
replaced: string | null, 
/**
 * A name for its file, without the extension.
 */
file_name: string, };

/**
 * What a published copy says otherwise than it would if it was made now.
 */
export type PublishedDifference = { 
/**
 * Whether there is a difference.
 */
state: Freshness, 
/**
 * The lines that differ, in the order of the text; the place is the heading that they stand under.
 */
changes: Array<VersionChange>, };

/**
 * A published copy as a file's content.
 */
export type PublishedExport = { 
/**
 * The copy.
 */
id: string, 
/**
 * `html`, `pdf` or `md`.
 */
format: string, };

/**
 * What a copy is of.
 */
export type PublishedKind = "period" | "summary" | "post";

/**
 * Which published copies to list. Absent values do not restrict.
 */
export type PublishedList = { 
/**
 * Those that were made from one postmortem.
 */
doc: string | null, 
/**
 * Those of one kind.
 */
kind: PublishedKind | null, 
/**
 * Copies to leave out at the start.
 */
offset: number, 
/**
 * Copies at the most; 0 means 20.
 */
limit: number, };

/**
 * A page of the list of published copies.
 */
export type PublishedPage = { 
/**
 * The copies, newest first.
 */
copies: Array<PublishedCopy>, 
/**
 * Copies of all pages together.
 */
total: number, };

/**
 * Writes a published copy to a file that the person chose.
 */
export type PublishedSave = { 
/**
 * The copy.
 */
id: string, 
/**
 * `html`, `pdf` or `md`.
 */
format: string, 
/**
 * Absolute path. Desktop alone.
 */
path: string, };

/**
 * A published copy that can be looked at.
 */
export type PublishedShown = { 
/**
 * Where the page is shown: a name for the address of previews, good until newer pages take its place.
 */
page: string, 
/**
 * The copy.
 */
copy: PublishedCopy, };

/**
 * What a change of an action item took along besides the fields that it named.
 */
export type PutBack = { 
/**
 * With `status`: when the item had been settled.
 */
settled_at: string | null, 
/**
 * With `verified_note`: who had looked, and when.
 */
verified: Verified | null, 
/**
 * With `due`: how its day had been moved.
 */
moves: Array<DueMove> | null, 
/**
 * With `did_not_work`: when it had been opened again.
 */
reopened: Array<Reopening> | null, 
/**
 * With `owner`: who had helped before they became the owner.
 */
helper: string | null, 
/**
 * With `owner`: the participant that the new owner became.
 */
participant: string | null, };

/**
 * A QR code for an SVG with the view box `0 0 size size`.
 */
export type QrCode = { 
/**
 * Modules of a side, the quiet zone of four on each side included.
 */
size: number, 
/**
 * The dark modules as a path.
 */
path: string, };

/**
 * The question to the room as one participant sees it: counts, never names.
 */
export type QuestionView = { 
/**
 * How many have answered.
 */
answered: number, 
/**
 * Who said yes; 0 as long as so few have answered that it would tell of somebody.
 */
yes: number, 
/**
 * Who said no; 0 likewise.
 */
no: number, 
/**
 * What I said.
 */
mine: boolean | null, };

/**
 * A finding that resembles an earlier one whose action item had been done by then.
 */
export type Recurrence = { 
/**
 * The theme that both have.
 */
theme: string, 
/**
 * The name of a service that both incidents affected.
 */
service: string, 
/**
 * What was found first.
 */
earlier: RecurringFinding, 
/**
 * What was done about it.
 */
action: RecurringAction, 
/**
 * What was found again.
 */
later: RecurringFinding, };

/**
 * Findings that came back.
 */
export type Recurrences = { 
/**
 * The newest first; at most [`LISTED`].
 */
items: Array<Recurrence>, 
/**
 * How many there are.
 */
total: number, 
/**
 * When a finding counts as having come back.
 */
note: FigureNote, };

/**
 * The action item that was done in between.
 */
export type RecurringAction = { 
/**
 * The number in `A3`.
 */
number: number | null, 
/**
 * What was done.
 */
text: string, 
/**
 * When.
 */
done_on: string, 
/**
 * Somebody had looked whether it worked.
 */
verified: boolean, };

/**
 * One of the two findings.
 */
export type RecurringFinding = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The postmortem's title, as [`SummaryRow::title`].
 */
title: string, 
/**
 * The day its incident began.
 */
date: string, 
/**
 * The number in `F5`.
 */
number: number | null, 
/**
 * What was found.
 */
text: string, };

/**
 * A message on its way, or at its end.
 */
export type ReminderLine = { 
/**
 * Its id.
 */
id: string, 
/**
 * `mail`, `chat` or `desktop`.
 */
way: string, 
/**
 * To whom, by name.
 */
name: string, 
/**
 * For which day in their zone.
 */
day: string, 
/**
 * `waiting`, `sending`, `sent`, `doubt` (nobody knows whether it arrived) or `refused`.
 */
state: string, 
/**
 * When that changed last, UTC.
 */
changed_at: string, 
/**
 * When it is tried next, UTC; for one that waits.
 */
next_at: string | null, 
/**
 * How often it was tried.
 */
tries: number, 
/**
 * What went wrong last, as a sentence; empty for nothing.
 */
error: string, };

/**
 * A message that will go out.
 */
export type ReminderNext = { 
/**
 * To whom.
 */
person: string, 
/**
 * Their name.
 */
name: string, 
/**
 * Their address; empty for none.
 */
email: string, 
/**
 * When, UTC.
 */
at: string, 
/**
 * The day in their zone.
 */
day: string, 
/**
 * Its subject.
 */
subject: string, 
/**
 * What is in it, each with why.
 */
parts: Array<string>, };

/**
 * When reminders go out: shared by the workspace.
 */
export type ReminderPolicy = { 
/**
 * Days before an action item is due; 0 for no such reminder.
 */
days_before: number, 
/**
 * Also on the day that it is due.
 */
on_day: boolean, 
/**
 * After it was due, again every so many days; 0 for never.
 */
every_days: number, 
/**
 * What happens to a reminder that falls on a Saturday or Sunday.
 */
weekends: Weekends, 
/**
 * Hour of the day in the owner's zone, 0 to 23.
 */
hour: number, 
/**
 * Day of the week on which owners of a review get its digest.
 */
digest: DigestDay, };

/**
 * Somebody whom no mail reaches.
 */
export type ReminderUnreached = { 
/**
 * Who; by id where nobody knows the name.
 */
name: string, 
/**
 * They left.
 */
left: boolean, 
/**
 * Open action items of theirs that are due soon or overdue.
 */
items: number, };

/**
 * What a person wants to be sent.
 */
export type ReminderWish = "all" | "digest" | "none";

/**
 * What goes out next, and what is on its way.
 */
export type RemindersView = { 
/**
 * The next message of everybody within a fortnight, soonest first, if nothing changes.
 */
next: Array<ReminderNext>, 
/**
 * Messages: those that wait first, then the newest.
 */
messages: Array<ReminderLine>, 
/**
 * People with open action items whom no mail reaches: they have no address, or left.
 */
unreached: Array<ReminderUnreached>, 
/**
 * Why reminders are held back, as a sentence; absent when they are not.
 */
held: string | null, 
/**
 * Something sends them by mail: it looked at what is due within the last two days, or would have but for `held`.
 */
mailed: boolean, };

/**
 * An action item that was done and is open again, because somebody looked and it had not worked.
 */
export type Reopening = { 
/**
 * Its own id, a UUIDv7, which rises with time.
 */
id: string, 
/**
 * When it was opened again, UTC.
 */
at: string, 
/**
 * Who looked; absent when nobody had said who they are.
 */
by: string | null, 
/**
 * What they saw.
 */
seen: string, };

/**
 * What was replaced in the texts of one postmortem.
 */
export type ReplacedIn = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Its title.
 */
title: string, 
/**
 * What was replaced, and what to look at.
 */
report: RolesReport, };

/**
 * Asks for the documents.
 */
export type ReplicaAsk = { 
/**
 * The latest place that was heard of.
 */
seen: ReplicaPlace, };

/**
 * An entry that is given back.
 */
export type ReplicaBackRow = { 
/**
 * When it was taken, in milliseconds since 1970 in UTC.
 */
at_ms: number, 
/**
 * Who wrote it; empty for nobody known.
 */
person: string, 
/**
 * The Yjs client that wrote it, when it is one alone.
 */
client: number | null, 
/**
 * The update, format v1, in base64.
 */
update: string, 
/**
 * With what it was sealed when it was told. Without a whole seal it is an edit of whoever brings it.
 */
seal: string, };

/**
 * Whom a Yjs client is.
 */
export type ReplicaBinding = { 
/**
 * In which document.
 */
doc: string, 
/**
 * The client.
 */
client: number, 
/**
 * The person.
 */
person: string, };

/**
 * A postmortem that a replica may have.
 */
export type ReplicaDocument = { 
/**
 * Which.
 */
doc: string, 
/**
 * When it was made, in milliseconds since 1970 in UTC.
 */
created_at: number, 
/**
 * It lies in the trash.
 */
trashed: boolean, 
/**
 * Only named people may see it.
 */
restricted: boolean, };

/**
 * What a replica has to know of the workspace that it follows.
 */
export type ReplicaDocuments = { 
/**
 * Version of what the two say to each other.
 */
dialect: number, 
/**
 * The workspace's id, the same wherever it is served.
 */
workspace: string, 
/**
 * What it is called, for people.
 */
name: string, 
/**
 * Who asks; absent when nobody there has said who they are.
 */
person: string | null, 
/**
 * Their account; absent where whoever has the link may do everything.
 */
account: Account | null, 
/**
 * Every postmortem that they may see.
 */
documents: Array<ReplicaDocument>, 
/**
 * As in [`ReplicaRows`].
 */
mark: string, 
/**
 * As in [`ReplicaRows`].
 */
other: boolean, };

/**
 * Answer about a replica; nothing when this workspace is none.
 */
export type ReplicaFound = { 
/**
 * How it stands.
 */
state: ReplicaState | null, };

/**
 * Gives a part of a document's log back to a workspace that was put back from an older copy.
 */
export type ReplicaGiveBack = { 
/**
 * Which document; `directory` for people and services.
 */
doc: string, 
/**
 * When it was made, in milliseconds since 1970 in UTC.
 */
created_at: number, 
/**
 * It lay in the trash.
 */
trashed: boolean, 
/**
 * Only named people could see it.
 */
restricted: boolean, 
/**
 * Entries, in order.
 */
rows: Array<ReplicaBackRow>, 
/**
 * Images that it shows.
 */
images: Array<string>, 
/**
 * The latest place that was heard of.
 */
seen: ReplicaPlace, };

/**
 * Hands in what was written in a replica.
 */
export type ReplicaHandIn = { 
/**
 * In which document; `directory` for people and services.
 */
doc: string, 
/**
 * The postmortem was made there.
 */
new: boolean, 
/**
 * The updates, format v1, in base64, in their order.
 */
updates: Array<string>, 
/**
 * The latest place that was heard of.
 */
seen: ReplicaPlace, };

/**
 * Whether the served workspace is reached.
 */
export type ReplicaLink = "connected" | "away" | "ended";

/**
 * A place of the served workspace's log.
 */
export type ReplicaPlace = { 
/**
 * The place; 0 before the first entry.
 */
seq: number, 
/**
 * What that log alone has there: a copy that was put back and written to since has something else.
 */
mark: string, };

/**
 * A postmortem, or the directory, whose edits are not taken where it is served.
 */
export type ReplicaRefused = { 
/**
 * Which; `directory` for people and services.
 */
doc: string, 
/**
 * Its title; empty for the directory.
 */
title: string, 
/**
 * Why, as it was said there; a sentence.
 */
reason: string, 
/**
 * Since when.
 */
at: string, 
/**
 * How many edits.
 */
edits: number, };

/**
 * One update of the log.
 */
export type ReplicaRow = { 
/**
 * Its document.
 */
doc: string, 
/**
 * When it was taken, in milliseconds since 1970 in UTC.
 */
at_ms: number, 
/**
 * Who wrote it; empty for nobody known.
 */
person: string, 
/**
 * The Yjs client that wrote it, when it is one alone.
 */
client: number | null, 
/**
 * The update, format v1, in base64.
 */
update: string, 
/**
 * With what it is sealed: with the seal it is known again when it is given back.
 */
seal: string, };

/**
 * A stretch of the log.
 */
export type ReplicaRows = { 
/**
 * The rows, in order, of documents that whoever asks may see.
 */
rows: Array<ReplicaRow>, 
/**
 * Whom Yjs clients were bound to within the stretch.
 */
bindings: Array<ReplicaBinding>, 
/**
 * Names that were given to versions.
 */
versions: Array<ReplicaVersion>, 
/**
 * The stretch goes up to here.
 */
upto: number, 
/**
 * The log goes on.
 */
more: boolean, 
/**
 * It is another one whenever [`ReplicaDocuments`] would list other documents.
 */
mark: string, 
/**
 * Where the stretch ends.
 */
place: ReplicaPlace, 
/**
 * This log does not go on from the place that was heard of: the workspace was put back from an older copy. Nothing is told.
 */
other: boolean, };

/**
 * Asks for the log.
 */
export type ReplicaRowsAsk = { 
/**
 * After this place.
 */
after: number, 
/**
 * Of this document alone.
 */
doc: string | null, 
/**
 * And for the names of versions after this one.
 */
versions_after: number, 
/**
 * The latest place that was heard of.
 */
seen: ReplicaPlace, };

/**
 * How a replica and what it follows stand.
 */
export type ReplicaState = { 
/**
 * What the served workspace is called.
 */
name: string, 
/**
 * Where it is served.
 */
address: string, 
/**
 * Whether it is reached.
 */
link: ReplicaLink, 
/**
 * When it answered last; absent when it never has.
 */
met_at: string | null, 
/**
 * Why it is not reached, or why the access has ended; a sentence.
 */
reason: string, 
/**
 * Postmortems with edits, or the directory, that wait until it is reached.
 */
waiting: number, 
/**
 * Those whose edits it does not take.
 */
refused: Array<ReplicaRefused>, 
/**
 * Images that it has not got.
 */
waiting_images: number, 
/**
 * Postmortems that it does not show any more, until their owner has read it.
 */
withdrawn: Array<ReplicaWithdrawn>, };

/**
 * What was handed in, or given back, is durable.
 */
export type ReplicaTaken = { 
/**
 * The log reaches up to here.
 */
place: ReplicaPlace, 
/**
 * As in [`ReplicaRows`]: nothing was taken.
 */
other: boolean, 
/**
 * Of the images that were named, those that are not here.
 */
lacking: Array<string>, 
/**
 * Why some of what was given back was left out, while the rest was taken; a sentence.
 */
refused: string | null, };

/**
 * A name that was given to a version.
 */
export type ReplicaVersion = { 
/**
 * Its place among such names.
 */
id: number, 
/**
 * Of which document.
 */
doc: string, 
/**
 * The name.
 */
name: string, 
/**
 * Who gave it; empty for nobody known.
 */
author: string, 
/**
 * When, in milliseconds since 1970 in UTC.
 */
at_ms: number, };

/**
 * A postmortem that was withdrawn.
 */
export type ReplicaWithdrawn = { 
/**
 * Which.
 */
doc: string, 
/**
 * Its title when it went.
 */
title: string, 
/**
 * When.
 */
at: string, 
/**
 * It lies in this computer's trash, because it has edits that were not handed in.
 */
kept: boolean, };

/**
 * A restricted postmortem, and nothing of what is in it.
 */
export type RestrictedRow = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Accounts that may see it.
 */
accounts: number, };

/**
 * What somebody was in this review. (What somebody may do in a room is a *room right*, in a workspace an *account role*.)
 */
export type ReviewRole = "facilitator" | "scribe" | "first_responder" | "responder" | "support" | "stakeholder" | "observer";

/**
 * One place to look at.
 */
export type RolesLook = { 
/**
 * Why.
 */
kind: RolesLookKind, 
/**
 * Where.
 */
place: RolesPlace, 
/**
 * What stands there.
 */
what: string, 
/**
 * Bytes from the start of the field's text as it was.
 */
start: number, 
/**
 * Bytes from the start of the field's text as it was.
 */
end: number, 
/**
 * Why, in a sentence.
 */
why: string, };

/**
 * Why a place is worth a look.
 */
export type RolesLookKind = "unknown_name" | "word" | "service" | "code" | "address" | "ticket" | "mail" | "initials" | "personal";

/**
 * A field of a postmortem.
 */
export type RolesPlace = { 
/**
 * The list that its row stands in; absent for the document's own fields and its sections.
 */
rows: RowKind | null, 
/**
 * Id of the row or of the section; empty for the document's own fields.
 */
id: string, 
/**
 * The field, named as in the snapshot: `text`, `done_when`, `owner`.
 */
field: string, 
/**
 * As people call it: `F3`, `16:10`, `Summary`.
 */
label: string, };

/**
 * One name that was replaced.
 */
export type RolesReplacement = { 
/**
 * Where.
 */
place: RolesPlace, 
/**
 * What stood there.
 */
what: string, 
/**
 * What stands there instead; empty where the words around say it already.
 */
by: string, 
/**
 * Bytes from the start of the field's text as it was.
 */
start: number, 
/**
 * Bytes from the start of the field's text as it was.
 */
end: number, 
/**
 * Why it is worth a look; absent when it is certain.
 */
unsure: string | null, };

/**
 * What was replaced in a postmortem, and what to look at before it leaves.
 */
export type RolesReport = { 
/**
 * Every name that was replaced, in the order of the document.
 */
replacements: Array<RolesReplacement>, 
/**
 * What only a person can judge, in the order of the document.
 */
looks: Array<RolesLook>, 
/**
 * What holds for the whole of it, a sentence each.
 */
warnings: Array<string>, 
/**
 * Names that were replaced.
 */
names: number, 
/**
 * Fields in which they stood.
 */
places: number, 
/**
 * Pronouns, and verbs behind them, that were mended.
 */
mended: number, };

/**
 * What somebody may do in a room. (What somebody was in the incident is a *review role*.)
 */
export type RoomRight = "viewer" | "editor" | "facilitator";

/**
 * Who wrote a row first.
 */
export type RowAuthor = { 
/**
 * The row.
 */
row: string, 
/**
 * The person.
 */
person: string, };

/**
 * The kinds of rows that a postmortem holds, named as in its document.
 */
export type RowKind = "timeline" | "findings" | "actions" | "impact" | "parking" | "participants";

/**
 * Which row's history to tell.
 */
export type RowRef = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The row's kind.
 */
kind: RowKind, 
/**
 * The row.
 */
id: string, };

/**
 * What was written.
 */
export type Saved = { 
/**
 * The files, absolute.
 */
paths: Array<string>, };

/**
 * A scope in words.
 */
export type ScopeWords = { 
/**
 * "June to November 2026", "November 2026", "2026", "3 November to 9 December 2026".
 */
period: string, 
/**
 * "All services", or their names.
 */
services: string, 
/**
 * "All severities", or "SEV1 and SEV2".
 */
severities: string, 
/**
 * The tags; empty when they do not restrict.
 */
tags: string, 
/**
 * "3 chosen postmortems"; empty when none were chosen.
 */
postmortems: string, 
/**
 * "Everyone in the company", "Executives", "Customers".
 */
audience: string, };

/**
 * One place where the words were found.
 */
export type SearchHit = { 
/**
 * `postmortem`, `finding`, `action`, `event`, `section` or `person`.
 */
kind: string, 
/**
 * The postmortem; empty for a person.
 */
doc: string, 
/**
 * The postmortem's title.
 */
doc_title: string, 
/**
 * The postmortem's severity.
 */
severity: Severity | null, 
/**
 * The row, section or person; empty for a postmortem.
 */
id: string, 
/**
 * The text that matched, shortened around the match.
 */
text: string, 
/**
 * Start and length of each match in `text`, in UTF-16 units.
 */
marks: Array<[number, number]>, 
/**
 * Detail for the right edge: an owner, a date.
 */
detail: string, };

/**
 * What was found, best first within each kind.
 */
export type SearchHits = { 
/**
 * The hits.
 */
hits: Array<SearchHit>, };

/**
 * What the palette looks for.
 */
export type SearchQuery = { 
/**
 * Words; the last one may be unfinished.
 */
query: string, 
/**
 * Hits per kind at the most.
 */
limit: number, };

/**
 * A text section of the template, written together.
 */
export type Section = { 
/**
 * Slug, unique in the document ("summary", "what-helped").
 */
id: string, 
/**
 * Heading as the template had it when the document was made.
 */
title: string, 
/**
 * Markdown.
 */
text: string, };

/**
 * A service that an incident can affect.
 */
export type Service = { 
/**
 * Slug of the first name it had.
 */
id: string, 
/**
 * Name as it is shown.
 */
name: string, };

/**
 * Adds or renames a service.
 */
export type ServiceSave = { 
/**
 * Empty for a new one.
 */
id: string, 
/**
 * Name.
 */
name: string, };

/**
 * What the UI must know before it draws anything.
 */
export type Session = { 
/**
 * Debrief's version.
 */
version: string, 
/**
 * `desktop` or `browser`.
 */
shell: string, 
/**
 * Who sits here; absent until the welcome has been answered.
 */
me: Person | null, 
/**
 * The workspace file as a person would name it; its name alone in a browser.
 */
workspace: string, 
/**
 * The computer's IANA zone.
 */
timezone: string, 
/**
 * Now, by the backend's clock.
 */
now: string, 
/**
 * Nothing has been written in this workspace and nobody has said who they are: show the welcome.
 */
first_run: boolean, 
/**
 * The one postmortem that a guest of its meeting may see; absent for whoever has the workspace.
 */
room: string | null, 
/**
 * The account that asks, when the workspace is served to a team.
 */
account: Account | null, };

/**
 * Which sessions to list.
 */
export type SessionList = { 
/**
 * Those of everybody, for an admin; else one's own.
 */
everybody: boolean, };

/**
 * A device that is signed in.
 */
export type SessionRow = { 
/**
 * Names it; opens nothing.
 */
id: string, 
/**
 * The account.
 */
account: string, 
/**
 * Whose it is.
 */
name: string, 
/**
 * What the device called itself, such as "Firefox on Linux".
 */
device: string, 
/**
 * When it was signed in.
 */
created_at: string, 
/**
 * When it was last used, to a few minutes.
 */
seen_at: string, 
/**
 * It is the one that asks.
 */
this: boolean, };

/**
 * Says who sits at this computer.
 */
export type SetMe = { 
/**
 * An existing person; wins over `name`.
 */
person: string | null, 
/**
 * Name of a person to add when `person` is absent.
 */
name: string, };

/**
 * Shared settings with what the UI needs to edit them.
 */
export type SettingsSave = { 
/**
 * All of them.
 */
settings: SharedSettings, };

/**
 * How bad an incident was; SEV1 is the worst.
 */
export type Severity = "SEV1" | "SEV2" | "SEV3" | "SEV4" | "SEV5";

/**
 * A number per severity.
 */
export type SeverityCounts = { 
/**
 * SEV1.
 */
sev1: number, 
/**
 * SEV2.
 */
sev2: number, 
/**
 * SEV3.
 */
sev3: number, 
/**
 * SEV4.
 */
sev4: number, 
/**
 * SEV5.
 */
sev5: number, 
/**
 * Nobody has judged it.
 */
unknown: number, };

/**
 * A meeting that is shared, when one is.
 */
export type ShareFound = { 
/**
 * Absent when no port is open.
 */
share: ShareState | null, };

/**
 * Somebody who joined by the link or the code.
 */
export type ShareGuest = { 
/**
 * Names this guest for as long as the meeting is shared.
 */
id: string, 
/**
 * Who they are.
 */
person: string, 
/**
 * Their name.
 */
name: string, 
/**
 * What they may do: `viewer` or `editor`.
 */
right: RoomRight, 
/**
 * A page of theirs is open.
 */
connected: boolean, 
/**
 * Whoever joins under this name now is this person: the facilitator has freed it, or the meeting has another address since
 * they joined.
 */
free: boolean, 
/**
 * When they joined.
 */
since: string, };

/**
 * An address of this computer on which a meeting can be shared.
 */
export type ShareInterface = { 
/**
 * The network interface: `eth0`, `wlan0`.
 */
name: string, 
/**
 * Its IP address.
 */
address: string, 
/**
 * `wired`, `wireless`, `tunnel`, `loopback` (reachable from this computer alone), or `other`.
 */
kind: string, };

/**
 * The addresses of this computer on which a meeting can be shared, those that guests most likely reach first.
 */
export type ShareInterfaces = { 
/**
 * One per address.
 */
interfaces: Array<ShareInterface>, };

/**
 * Lets guests into the review meeting of a postmortem.
 */
export type ShareStart = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * One of the addresses of `share_interfaces`.
 */
address: string, 
/**
 * How what guests send and get travels.
 */
encryption: Encryption, };

/**
 * A meeting that is shared.
 */
export type ShareState = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The IP address that guests reach.
 */
address: string, 
/**
 * The port.
 */
port: number, 
/**
 * How what guests send and get travels.
 */
encryption: Encryption, 
/**
 * The link for guests; its fragment holds the secret.
 */
link: string, 
/**
 * What guests open who type: the link without the secret.
 */
typed: string, 
/**
 * What they type there: three letters and three digits.
 */
code: string, 
/**
 * SHA-256 of the certificate, in hexadecimal digits; absent when nothing is encrypted.
 */
fingerprint: string | null, 
/**
 * The link as a QR code.
 */
qr: QrCode, 
/**
 * Who has joined, in that order.
 */
guests: Array<ShareGuest>, };

/**
 * Settings that everybody in the workspace shares.
 */
export type SharedSettings = { 
/**
 * IANA zone of a new postmortem; empty for the computer's own.
 */
timezone: string, 
/**
 * Days until an action item of a postmortem of each severity is due. Source: PagerDuty's 15 (SEV1) and 30 (SEV2).
 */
due_days: DueDays, 
/**
 * Id of the template that "New postmortem" offers first.
 */
default_template: string, 
/**
 * When reminders go out.
 */
reminders: ReminderPolicy, 
/**
 * Days after an action item is done until somebody is asked whether it worked; 0 asks nobody.
 */
look_again_days: number, };

/**
 * A wording hint that the facilitator shows to the room on purpose.
 */
export type ShownHint = { 
/**
 * The finding, event or action item.
 */
row: string, 
/**
 * The words that it is about.
 */
words: string, 
/**
 * What to write or ask instead.
 */
instead: string, };

/**
 * Silent writing as one participant sees it.
 */
export type SilentView = { 
/**
 * How many findings wait for the reveal, all of them.
 */
written: number, 
/**
 * My own.
 */
mine: Array<Draft>, };

/**
 * A stage of the review meeting.
 */
export type Stage = { 
/**
 * Slug.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Minutes of a meeting of 30, 60 and 90 minutes.
 */
minutes: [number, number, number], 
/**
 * What the facilitator asks.
 */
prompts: Array<string>, 
/**
 * What is captured in it: `impact`, `timeline`, `findings`, `actions`, `parking` or nothing.
 */
captures: string, };

/**
 * Where a postmortem is on its way from first draft to closed.
 */
export type Status = "draft" | "in_review" | "follow_up" | "closed";

/**
 * How many postmortems have each status.
 */
export type StatusCounts = { draft: number, in_review: number, follow_up: number, closed: number, };

/**
 * How long a step of a line is.
 */
export type StepLength = "day" | "week";

/**
 * A template that was added or changed in this workspace: its id and its whole file, which was valid when it was stored.
 */
export type StoredTemplate = { 
/**
 * Slug; equal to a built-in one's id when it replaces that. For an export template, the id of its page.
 */
id: string, 
/**
 * The file.
 */
source: string, };

/**
 * The figures of a period. Postmortems in the trash are never in it; drafts are, and say so. A summary for customers counts
 * only postmortems in which an event, a finding or an action item is marked for customers: nothing of the others is theirs,
 * not even the title.
 */
export type Summary = { 
/**
 * What was asked for.
 */
scope: SummaryScope, 
/**
 * The same in words.
 */
words: ScopeWords, 
/**
 * The day it was made, in the workspace's zone: ages and overdue days are as of it.
 */
made_on: string, 
/**
 * IANA name of the workspace's zone, in which days are told.
 */
timezone: string, 
/**
 * What happened, in figures.
 */
headline: Headline, 
/**
 * Incidents per month by severity.
 */
months: Months, 
/**
 * Detection, response, remediation and the whole impact; always these four, in this order.
 */
durations: Array<DurationStrip>, 
/**
 * Who noticed first.
 */
first_noticed: FirstNoticed, 
/**
 * From the start of the impact to the first public word.
 */
first_word: FirstWord, 
/**
 * Action items: how many, and how they came and went.
 */
actions: ActionFigures, 
/**
 * How long the open ones have been open.
 */
open_ages: OpenAges, 
/**
 * Accepted risks: action items that were declined.
 */
declined: DeclinedItems, 
/**
 * Done action items that somebody looked at again.
 */
verified: VerifiedShare, 
/**
 * What was learned, by theme.
 */
themes: Themes, 
/**
 * Findings that came back after their action item was done.
 */
recurring: Recurrences, 
/**
 * Every postmortem that was counted, newest incident first.
 */
postmortems: Array<SummaryRow>, 
/**
 * Postmortems that were not counted, and why: one entry per reason.
 */
left_out: Array<LeftOut>, 
/**
 * The postmortem in focus, when one was asked for and is in the scope.
 */
focus: Focus | null, };

/**
 * An action item of a summary. Its owner is not in it.
 */
export type SummaryAction = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The postmortem's title, as [`SummaryRow::title`].
 */
title: string, 
/**
 * The row.
 */
id: string, 
/**
 * The number in `A3`.
 */
number: number | null, 
/**
 * What is to be done.
 */
text: string, 
/**
 * Where it is.
 */
status: ActionStatus, 
/**
 * When it is due.
 */
due: string | null, 
/**
 * It is not settled, and its due day is past.
 */
overdue: boolean, 
/**
 * Days since it was opened, of an open one whose day is known.
 */
days_open: number | null, 
/**
 * The day it was done.
 */
done_on: string | null, };

/**
 * Asks for the figures of a period.
 */
export type SummaryAsk = { 
/**
 * What to count, and for whom.
 */
scope: SummaryScope, 
/**
 * Call people by their roles in every text.
 */
anonymise: boolean, };

/**
 * The summary as a file's content.
 */
export type SummaryExport = { 
/**
 * Which one.
 */
request: SummaryRequest, 
/**
 * `html`, `pdf`, `md`, `csv` or `json`.
 */
format: string, };

/**
 * Which parts a summary has, as far as its audience reads them.
 */
export type SummaryInclude = { 
/**
 * Charts, with their figures.
 */
charts: boolean, 
/**
 * What was learned, and what came back.
 */
findings: boolean, 
/**
 * How old open action items are, and what was declined.
 */
open_actions: boolean, 
/**
 * The table of postmortems.
 */
postmortems: boolean, };

/**
 * A summary that can be looked at.
 */
export type SummaryMade = { 
/**
 * Where the page is shown: a name for the address of previews, good until newer pages take its place.
 */
page: string, 
/**
 * A name for its file, without the extension.
 */
file_name: string, 
/**
 * The period in words.
 */
period: string, 
/**
 * Postmortems that were counted.
 */
postmortems: number, 
/**
 * Postmortems that were not counted, and why.
 */
left_out: Array<LeftOut>, 
/**
 * Every tag of the workspace, to choose from.
 */
tags: Array<string>, 
/**
 * What was replaced and is worth a look, per postmortem; empty when names stay.
 */
replaced: Array<ReplacedIn>, };

/**
 * What the summary of a period is made for.
 */
export type SummaryRequest = { 
/**
 * What is counted, and for whom.
 */
scope: SummaryScope, 
/**
 * Roles in place of names. Customers are given nothing else.
 */
anonymise: boolean, 
/**
 * What is in it.
 */
include: SummaryInclude, };

/**
 * One line of the table of postmortems.
 */
export type SummaryRow = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * Its title; "Untitled" when it has none.
 */
title: string, 
/**
 * Its severity.
 */
severity: Severity | null, 
/**
 * Its status.
 */
status: Status, 
/**
 * Names of its services.
 */
services: Array<string>, 
/**
 * The day its incident began.
 */
date: string, 
/**
 * Seconds of detection.
 */
detection: number | null, 
/**
 * Seconds of response.
 */
response: number | null, 
/**
 * Seconds of remediation.
 */
remediation: number | null, 
/**
 * Seconds from the start of the impact to its end.
 */
total: number | null, 
/**
 * One of the four rests on an estimate.
 */
about: boolean, 
/**
 * Seconds from the start of the impact to the first public word.
 */
first_word: number | null, 
/**
 * Customers noticed it first; absent when that is not known, or not for this audience.
 */
customers_first: boolean | null, 
/**
 * Findings that the audience may see.
 */
findings: number, 
/**
 * Action items that the audience may see.
 */
actions: number, 
/**
 * Of them, open or in progress.
 */
open: number, 
/**
 * Of them, done.
 */
done: number, 
/**
 * Of them, declined.
 */
declined: number, };

/**
 * Writes the summary to a file that the person chose.
 */
export type SummarySave = { 
/**
 * Which one.
 */
request: SummaryRequest, 
/**
 * `html`, `pdf`, `md`, `csv` or `json`.
 */
format: string, 
/**
 * Absolute path. Desktop alone.
 */
path: string, };

/**
 * What a summary is about. Empty lists do not restrict; all conditions hold together.
 */
export type SummaryScope = { 
/**
 * First day of the period, in the workspace's zone.
 */
from: string, 
/**
 * Last day of the period, which belongs to it.
 */
to: string, 
/**
 * Any of these services.
 */
services: Array<string>, 
/**
 * Any of these severities; postmortems that nobody judged are then left out.
 */
severities: Array<Severity>, 
/**
 * Any of these tags.
 */
tags: Array<string>, 
/**
 * Only these postmortems.
 */
postmortems: Array<string>, 
/**
 * Who will read it.
 */
audience: Audience, 
/**
 * The postmortem that is told in more words; it must be in the scope to be told.
 */
focus: string | null, };

/**
 * A place in the document that a link can scroll to and focus.
 */
export type Target = { 
/**
 * The row's kind; absent for a header field, anchor or section.
 */
kind: RowKind | null, 
/**
 * The row, or the name of the header field (`severity`), anchor (`t0`) or section (`sec:summary`). Empty with a kind:
 * the whole list, which has no rows yet.
 */
id: string, 
/**
 * The control within the row to focus (`owner`, `due`, `phase`); empty for the row itself.
 */
field: string, 
/**
 * `F6`, `A3`, `16:10`, or a short text.
 */
label: string, };

/**
 * A review template: what a new postmortem starts with and how its meeting runs.
 */
export type Template = { 
/**
 * Slug, from the file's `id` or its name.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * What it is for, in one sentence.
 */
description: string, 
/**
 * Text sections in order.
 */
sections: Array<TemplateSection>, 
/**
 * Stages of the review meeting in order.
 */
stages: Array<Stage>, 
/**
 * Fields that a new postmortem starts with.
 */
defaults: TemplateDefaults, };

/**
 * What a check of a template's file found.
 */
export type TemplateChecked = { 
/**
 * What is wrong; empty for a good template.
 */
problems: Array<TemplateProblem>, 
/**
 * The template as it would be, when it is good.
 */
template: Template | null, };

/**
 * Fields that a new postmortem of a template starts with.
 */
export type TemplateDefaults = { 
/**
 * Severity.
 */
severity: Severity | null, 
/**
 * Tags.
 */
tags: Array<string>, 
/**
 * Labels of impact facts to fill in.
 */
impact: Array<string>, };

/**
 * Something wrong in a template's file.
 */
export type TemplateProblem = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * What is wrong and what would be right.
 */
message: string, };

/**
 * A template as the list shows it.
 */
export type TemplateRow = { 
/**
 * Slug.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * What it is for, in one sentence.
 */
description: string, 
/**
 * Comes with Debrief.
 */
builtin: boolean, 
/**
 * A built-in one that was changed in this workspace.
 */
changed: boolean, 
/**
 * Headings of its sections.
 */
sections: Array<string>, 
/**
 * Stages of its meeting, with minutes.
 */
stages: Array<[string, number]>, };

/**
 * A text section of a template.
 */
export type TemplateSection = { 
/**
 * Slug of the heading, or given.
 */
id: string, 
/**
 * Heading.
 */
title: string, 
/**
 * What to write here: shown in grey while the section is empty, never exported.
 */
prompt: string, 
/**
 * Text that a new postmortem starts with.
 */
text: string, };

/**
 * A template's file.
 */
export type TemplateSource = { 
/**
 * Slug; for a new one, empty (it is made from the name).
 */
id: string, 
/**
 * The whole Markdown file.
 */
source: string, };

/**
 * A theme and how many incidents share it.
 */
export type Theme = { 
/**
 * The word as it was first written.
 */
theme: string, 
/**
 * Incidents that have a finding of it.
 */
incidents: number, 
/**
 * Findings of it.
 */
findings: number, 
/**
 * Of them, those that hindered.
 */
hindered: number, 
/**
 * Of them, those that helped.
 */
helped: number, 
/**
 * Findings of different incidents, newest incident first; at most [`EXAMPLES`].
 */
examples: Array<ThemeExample>, };

/**
 * A finding as an example of its theme.
 */
export type ThemeExample = { 
/**
 * Its postmortem.
 */
doc: string, 
/**
 * The postmortem's title, as [`SummaryRow::title`].
 */
title: string, 
/**
 * The number in `F5`.
 */
number: number | null, 
/**
 * What was found.
 */
text: string, 
/**
 * What it did to the outcome.
 */
kind: FindingKind, };

/**
 * Findings by theme.
 */
export type Themes = { 
/**
 * The theme that the most incidents share first; at most [`LISTED`].
 */
themes: Array<Theme>, 
/**
 * How many there are.
 */
total: number, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * The ticket of an action item, not yet made.
 */
export type TicketDraft = { 
/**
 * Its title.
 */
title: string, 
/**
 * All of it as Markdown, with the title as a heading.
 */
markdown: string, 
/**
 * The page of each tracker on which it is filled in.
 */
issues: Array<NewIssue>, };

/**
 * An action item of which a ticket is to be made, or to which one may belong.
 */
export type TicketItem = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The row.
 */
id: string, 
/**
 * Where whoever reads the ticket finds the item, http or https; empty when nobody else could open it.
 */
link: string, };

/**
 * A ticket that was pasted back, and the action item it belongs to.
 */
export type TicketMatch = { 
/**
 * Its key or address, as the action item is to hold it.
 */
ticket: string, 
/**
 * The title that it has in the tracker, if its line has one.
 */
title: string, 
/**
 * Which of the items that were asked about it belongs to, counted from 0; absent when none is known.
 */
item: number | null, 
/**
 * What that rests on.
 */
how: MatchedBy, };

/**
 * Asks for action items as tickets yet to be made.
 */
export type TicketsExport = { 
/**
 * Which, in this order.
 */
items: Array<TicketItem>, 
/**
 * `md` or `jira-csv`.
 */
format: string, };

/**
 * What was found in a pasted text.
 */
export type TicketsMatched = { 
/**
 * Each ticket once, in the order of the text.
 */
tickets: Array<TicketMatch>, };

/**
 * Tickets that were pasted back.
 */
export type TicketsPasted = { 
/**
 * Keys or links, a line each, as trackers print them.
 */
text: string, 
/**
 * The action items to which they may belong.
 */
items: Array<TicketItem>, };

/**
 * One meaning of an ambiguous or skipped time.
 */
export type TimeChoice = { 
/**
 * UTC.
 */
at: string, 
/**
 * The zone it is meant in.
 */
zone: string, 
/**
 * "2:30 summer time (CEST)".
 */
label: string, };

/**
 * What a typed time means.
 */
export type TimeRead = { "type": "moment", 
/**
 * UTC.
 */
at: string, 
/**
 * The zone it is meant in.
 */
zone: string, 
/**
 * Exact or about.
 */
precision: Precision, 
/**
 * How it will be shown: "10 Nov 2026, 16:05 CET".
 */
shown: string, } | { "type": "ambiguous", 
/**
 * The choices, earliest first.
 */
choices: Array<TimeChoice>, 
/**
 * The question.
 */
question: string, } | { "type": "skipped", 
/**
 * The choices, earliest first.
 */
choices: Array<TimeChoice>, 
/**
 * The question.
 */
question: string, } | { "type": "unreadable", 
/**
 * What would be readable.
 */
message: string, };

/**
 * Text that a person typed for a time.
 */
export type TimeText = { 
/**
 * `16:05`, `4:05pm`, `yesterday 16:05`, `+5m`, `2026-11-10 16:05 UTC`, `about 16:10`.
 */
text: string, 
/**
 * IANA zone for times that name none.
 */
zone: string, 
/**
 * The instant that `+5m` counts from and whose day a bare time belongs to; absent for now.
 */
reference: string | null, };

/**
 * Something that was seen, done, thought or felt during the incident.
 */
export type TimelineEvent = { 
/**
 * The row's id.
 */
id: string, 
/**
 * When; absent when unknown.
 */
at: Moment | null, 
/**
 * Which stretch of the incident it belongs to.
 */
phase: Phase | null, 
/**
 * What it is.
 */
kind: EventKind, 
/**
 * Who; absent when nobody said.
 */
actor: Actor | null, 
/**
 * One sentence, one actor, one action.
 */
text: string, 
/**
 * Where that is known from: a link or words.
 */
source: string, 
/**
 * A picture of it.
 */
image: Image | null, 
/**
 * It belongs in summaries.
 */
star: boolean, 
/**
 * A communication that customers could read (a status-page update).
 */
public: boolean, 
/**
 * Who may read it in an export.
 */
visibility: Visibility, };

/**
 * A program in which a team keeps its tickets. It is shared by the workspace and holds no secret.
 */
export type Tracker = { 
/**
 * UUIDv7; empty for one that is to be added.
 */
id: string, 
/**
 * Which program it is.
 */
kind: TrackerKind, 
/**
 * As menus call it.
 */
name: string, 
/**
 * Where it is, http or https, without a slash at the end: the repository of GitHub and GitLab, the site of Jira, the
 * workspace or team of Linear.
 */
base: string, 
/**
 * Jira: the number of the project in which issues are made (`pid`).
 */
project: string, 
/**
 * Jira: the number of the type that new issues have (`issuetype`).
 */
issue_type: string, 
/**
 * How its keys look: `OPS-#`, several with spaces between; # stands for the number. Empty for what is usual there:
 * any `KEY-1` in Jira and Linear, `#1` in GitHub and GitLab.
 */
pattern: string, 
/**
 * The address of a ticket, with `{key}` or `{number}` in it; empty for what is usual there.
 */
link: string, };

/**
 * A program that keeps tickets.
 */
export type TrackerKind = "github" | "gitlab" | "jira" | "linear";

/**
 * What somebody saw in the trash.
 */
export type TrashSeen = { 
/**
 * Every postmortem that was shown there.
 */
docs: Array<string>, };

/**
 * Somebody looked whether a done action item changed what its finding said.
 */
export type Verified = { 
/**
 * Who looked.
 */
by: string, 
/**
 * When, UTC.
 */
at: string, };

/**
 * Done action items after which somebody looked whether they changed what their finding said.
 */
export type VerifiedShare = { 
/**
 * Somebody looked.
 */
verified: number, 
/**
 * Done in all.
 */
done: number, 
/**
 * What is counted.
 */
note: FigureNote, };

/**
 * A place in the log of a postmortem that has a name.
 */
export type Version = { 
/**
 * Its place in the log. The newest state is the highest number.
 */
seq: number, 
/**
 * Its name; empty for a stretch of edits that nobody named.
 */
name: string, 
/**
 * When.
 */
at: string, 
/**
 * Who named it, or wrote the edits.
 */
by: Array<string>, };

/**
 * One change between two versions.
 */
export type VersionChange = { 
/**
 * Where: "Title", "Summary", "Finding F3", "Action item A2, owner".
 */
place: string, 
/**
 * `added`, `removed` or `changed`.
 */
what: string, 
/**
 * Pieces of text: kept, removed, added, in reading order.
 */
pieces: Array<DiffPiece>, };

/**
 * A readable difference between two versions.
 */
export type VersionDiff = { 
/**
 * What changed, in document order.
 */
changes: Array<VersionChange>, };

/**
 * Names the present state of a postmortem.
 */
export type VersionName = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The name.
 */
name: string, };

/**
 * Two places in the log of a postmortem.
 */
export type VersionPair = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The older one.
 */
from: number, 
/**
 * The newer one; 0 for now.
 */
to: number, };

/**
 * One place in the log of a postmortem.
 */
export type VersionRef = { 
/**
 * The postmortem.
 */
doc: string, 
/**
 * The place.
 */
seq: number, };

/**
 * Who may read an item in an export. It does not hide anything in the room.
 */
export type Visibility = "room" | "company" | "customers";

/**
 * Votes as one participant sees them.
 */
export type VotingView = { 
/**
 * Votes that each has.
 */
each: number, 
/**
 * Votes are taken.
 */
open: boolean, 
/**
 * What I voted for.
 */
mine: Array<string>, 
/**
 * How many have voted.
 */
voters: number, 
/**
 * Votes of each row; empty as long as votes are taken, so that nobody follows the others, and
 * when one person alone has voted.
 */
tallies: { [key in string]: number }, };

/**
 * What happens to a reminder that falls on a weekend.
 */
export type Weekends = "send" | "monday";

/**
 * The workspace file.
 */
export type WorkspaceInfo = { 
/**
 * Absolute path; its name alone in a browser.
 */
path: string, 
/**
 * Size in bytes, its log beside it included.
 */
bytes: number, 
/**
 * Postmortems that are not in the trash.
 */
postmortems: number, 
/**
 * Postmortems in the trash.
 */
trashed: number, 
/**
 * Action items that are neither done nor declined.
 */
open_actions: number, 
/**
 * People who have not left.
 */
people: number, 
/**
 * Version of the file's schema.
 */
schema: number, };

/** Every command: what it is asked with and what it answers. */
export interface Commands {
  /** Who sits here, in which workspace. */
  session: { request: Empty; response: Session };
  /** Says who sits at this computer. */
  set_me: { request: SetMe; response: Session };
  /** A page of the list of postmortems. */
  postmortem_list: { request: Partial<PostmortemFilter>; response: PostmortemPage };
  /** Makes a postmortem from a template. */
  postmortem_new: { request: Partial<NewPostmortem>; response: DocRef };
  /** The plain snapshot of one postmortem. */
  postmortem_get: { request: DocRef; response: Postmortem };
  /** Durations, phase bar and completeness checks of one postmortem, unsaved edits included, and whether it is in the trash. */
  postmortem_derived: { request: DocRef; response: Derived };
  /** What a postmortem would leave open if it went. */
  postmortem_open_actions: { request: DocRef; response: OpenActions };
  /** Moves a postmortem to the trash. */
  postmortem_trash: { request: DocRef; response: Empty };
  /** Takes a postmortem out of the trash. */
  postmortem_restore: { request: DocRef; response: Empty };
  /** Erases a trashed postmortem, its log and its images for good. */
  postmortem_erase: { request: DocRef; response: Empty };
  /** Erases for good what was shown in the trash; a conflict when more lies there. */
  trash_empty: { request: TrashSeen; response: Empty };
  /** Makes the example: the login outage, or a whole year of incidents with it. */
  demo_new: { request: Partial<DemoNew>; response: DocRef };
  /** A page of action items of all postmortems. */
  action_list: { request: Partial<ActionFilter>; response: ActionPage };
  /** Changes fields of one action item through its document. */
  action_set: { request: ActionSet; response: ActionChanged };
  /** Every change of one row, newest first. */
  row_history: { request: RowRef; response: Array<HistoryEntry> };
  /** Named versions and stretches of edits, newest first. */
  version_list: { request: DocRef; response: Array<Version> };
  /** Names the present state. */
  version_name: { request: VersionName; response: Version };
  /** A readable difference between two versions. */
  version_diff: { request: VersionPair; response: VersionDiff };
  /** Makes an older version the present one, as a new edit. */
  version_restore: { request: VersionRef; response: Empty };
  /** Looks through everything that was ever written here. */
  search: { request: SearchQuery; response: SearchHits };
  /** People, services, themes and shared settings. */
  directory: { request: Empty; response: DirectoryView };
  /** Adds (empty id) or changes a person. */
  person_save: { request: Partial<Person>; response: Person };
  /** Adds (empty id) or renames a service. */
  service_save: { request: Partial<ServiceSave>; response: Service };
  /** Takes a service out of the directory. */
  service_remove: { request: IdRef; response: Empty };
  /** Changes the settings that everybody shares. */
  settings_save: { request: SettingsSave; response: Empty };
  /** Adds (empty id) or changes a tracker. Not for guests. */
  tracker_save: { request: Partial<Tracker>; response: Tracker };
  /** Forgets a tracker; tickets stay as they are. Not for guests. */
  tracker_remove: { request: IdRef; response: Empty };
  /** The ticket of an action item, and the page of every tracker on which it is filled in. Not for guests. */
  ticket_draft: { request: Partial<TicketItem>; response: TicketDraft };
  /** Action items as tickets yet to be made: Markdown, or a table that Jira imports. Not for guests. */
  tickets_export: { request: TicketsExport; response: Exported };
  /** Which action items pasted tickets belong to. Changes nothing. Not for guests. */
  tickets_match: { request: TicketsPasted; response: TicketsMatched };
  /** Every template, built-in ones first. */
  template_list: { request: Empty; response: Array<TemplateRow> };
  /** The file of one template. */
  template_get: { request: IdRef; response: TemplateSource };
  /** Says what is wrong in a template's file. */
  template_check: { request: TemplateSource; response: TemplateChecked };
  /** Stores a good template; refuses a broken one. */
  template_save: { request: TemplateSource; response: TemplateRow };
  /** Removes a template of this workspace; a changed built-in one goes back to how it came. */
  template_remove: { request: IdRef; response: Empty };
  /** The template of every page that is exported, the built-in one and the workspace's own. Not for guests. */
  export_templates: { request: Empty; response: Array<ExportTemplate> };
  /** Says what is wrong in an export template, or makes its page of example data. Not for guests. */
  export_template_try: { request: TemplateSource; response: ExportTemplateTried };
  /** Stores a good export template; refuses a broken one. Not for guests. */
  export_template_save: { request: TemplateSource; response: Empty };
  /** Makes a page from the built-in template again. Not for guests. */
  export_template_restore: { request: IdRef; response: Empty };
  /** Who wrote each finding, event, action item and parked line first, as far as that is known. */
  row_authors: { request: DocRef; response: Array<RowAuthor> };
  /** The review meetings that go on now. Not for guests. */
  meetings_open: { request: Empty; response: Array<OpenMeeting> };
  /** The review meeting of a postmortem as the caller may see it. */
  meeting: { request: DocRef; response: MeetingFound };
  /** Opens the review meeting, or finds it open. */
  meeting_open: { request: MeetingOpen; response: MeetingFound };
  /** Does something in the review meeting. */
  meeting_do: { request: MeetingDo; response: MeetingFound };
  /** What earlier reviews of the same services or tags promised and has not been done. Not for guests. */
  meeting_promises: { request: DocRef; response: Promises };
  /** The addresses on which a meeting can be shared. */
  share_interfaces: { request: Empty; response: ShareInterfaces };
  /** Lets guests into a review meeting: from now on a port is open. */
  share_start: { request: ShareStart; response: ShareFound };
  /** Closes the port and sends the guests away. */
  share_stop: { request: Empty; response: ShareFound };
  /** The meeting that is shared, its link, code and guests. */
  share_state: { request: Empty; response: ShareFound };
  /** Lets a guest write, or read along alone. */
  guest_right: { request: GuestRight; response: ShareFound };
  /** Lets another device join under the name of a guest who is not connected. */
  guest_free: { request: GuestRef; response: ShareFound };
  /** Sends a guest away. */
  guest_remove: { request: GuestRef; response: ShareFound };
  /** The figures of a period for an audience. Not for guests. */
  summary: { request: SummaryAsk; response: Summary };
  /** Makes the page of a summary, to be looked at. Not for guests. */
  summary_page: { request: SummaryRequest; response: SummaryMade };
  /** The summary of a period as a file's content. Not for guests. */
  summary_export: { request: SummaryExport; response: Exported };
  /** Writes the summary of a period to a file. Desktop alone. */
  summary_save: { request: SummarySave; response: Saved };
  /** Keeps a summary or a post as it is now, as a published copy. Not for guests. */
  publish: { request: Publish; response: PublishedCopy };
  /** Publishes once more what a copy was made from; the copy stays. Not for guests. */
  publish_anew: { request: IdRef; response: PublishedCopy };
  /** Published copies, newest first. Not for guests. */
  published: { request: Partial<PublishedList>; response: PublishedPage };
  /** The page of a published copy, to be looked at. Not for guests. */
  published_page: { request: IdRef; response: PublishedShown };
  /** What a published copy says otherwise than it would if it was made now. Not for guests. */
  published_difference: { request: IdRef; response: PublishedDifference };
  /** A published copy as a file's content. Not for guests. */
  published_export: { request: PublishedExport; response: Exported };
  /** Writes a published copy to a file. Desktop alone. */
  published_save: { request: PublishedSave; response: Saved };
  /** Deletes a published copy for good. Not for guests. */
  published_delete: { request: IdRef; response: Empty };
  /** Where a text of a postmortem judges people, and what to write or ask instead. */
  hints: { request: HintsAsk; response: HintReport };
  /** What a typed time means. */
  time_read: { request: Partial<TimeText>; response: TimeRead };
  /** The post for customers: edited texts or drafts, what must not stand in them, and the updates. */
  customer_post: { request: DocRef; response: CustomerPost };
  /** Puts the drafts of the post for customers into the document, so that they can be edited there. */
  customer_post_begin: { request: DocRef; response: CustomerPost };
  /** One postmortem as text. */
  export: { request: ExportRequest; response: Exported };
  /** Writes an export to a file. Desktop alone. */
  export_save: { request: ExportSave; response: ExportSaved };
  /** Makes a postmortem from an exported file. */
  import: { request: ImportRequest; response: Imported };
  /** Accounts of a served workspace, and the invitations that are still good. */
  account_list: { request: Empty; response: AccountsView };
  /** Makes a link that lets somebody in once. */
  account_invite: { request: Partial<AccountInvite>; response: Invited };
  /** Makes a link that signs one's own other device in, once. */
  account_device: { request: Empty; response: Invited };
  /** Gives an account another role. */
  account_role: { request: AccountRoleSet; response: Empty };
  /** Ends an account, and what it has open. */
  account_end: { request: IdRef; response: Empty };
  /** Makes an invitation worthless. */
  invitation_withdraw: { request: IdRef; response: Empty };
  /** Devices that are signed in: one's own, or everybody's for an admin. */
  session_list: { request: Partial<SessionList>; response: Array<SessionRow> };
  /** Ends a session, and what it has open. */
  session_end: { request: IdRef; response: Empty };
  /** Who may see a postmortem of a served workspace. */
  postmortem_access: { request: DocRef; response: PostmortemAccessView };
  /** Says who may see a postmortem of a served workspace. */
  postmortem_access_set: { request: PostmortemAccessSet; response: PostmortemAccessView };
  /** A page of the audit log of a served workspace, newest first. */
  audit_list: { request: Partial<AuditList>; response: AuditPage };
  /** Which reminders go out next, and which are on their way. Not for guests. */
  reminders: { request: Empty; response: RemindersView };
  /** Says that the clock is right, so that reminders that were held back go out again. Not for guests. */
  reminders_clock_right: { request: Empty; response: Empty };
  /** Whether the caller has a private calendar address. Not for guests. */
  calendar_feed: { request: Empty; response: CalendarFeed };
  /** Makes a private calendar address for the caller, in the place of an older one. Not for guests. */
  calendar_feed_make: { request: Empty; response: CalendarFeed };
  /** Withdraws the caller's private calendar address. Not for guests. */
  calendar_feed_withdraw: { request: Empty; response: CalendarFeed };
  /** Which documents a replica of this workspace has to know. Not for guests. */
  replica_documents: { request: Partial<ReplicaAsk>; response: ReplicaDocuments };
  /** The log of this workspace after a place, for a replica. Not for guests. */
  replica_rows: { request: ReplicaRowsAsk; response: ReplicaRows };
  /** Takes in what was written in a replica. Not for guests. */
  replica_hand_in: { request: ReplicaHandIn; response: ReplicaTaken };
  /** Takes back from a replica what this workspace had before it was put back from an older copy. Not for guests. */
  replica_give_back: { request: ReplicaGiveBack; response: ReplicaTaken };
  /** Whether the served workspace that this one follows is reached, and what waits. Not for guests. */
  replica_state: { request: Empty; response: ReplicaFound };
  /** Its owner has read that a postmortem was withdrawn. Not for guests. */
  replica_read: { request: DocRef; response: Empty };
  /** Lets go what was written in this replica and is not taken where the workspace is served. Not for guests. */
  replica_let_go: { request: DocRef; response: Empty };
  /** Size and contents of the workspace file. */
  workspace_info: { request: Empty; response: WorkspaceInfo };
  /** Writes a consistent copy of the workspace. Desktop alone. */
  workspace_backup: { request: PathRef; response: Saved };
  /** Checks integrity and the derived tables against the log. */
  workspace_check: { request: Empty; response: CheckReport };
}
