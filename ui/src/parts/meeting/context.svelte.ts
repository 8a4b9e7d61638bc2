/** What the parts of a review meeting share: the meeting, who wrote what, and what has just arrived. */
import type { Draft, Moment, RowKind, ShareState } from '@bindings';
import { backend } from '@ui/backend';
import { count } from '@ui/format';
import type { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { may } from '@ui/state/may';
import { neighbour, type Meeting } from '@ui/state/meeting.svelte';
import { PrivateNotes } from '@ui/state/notes.svelte';
import { directory } from '@ui/state/session.svelte';
import { getContext, setContext } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

/** Under which the review's parts find their context. */
export const REVIEW = Symbol('review');

/** How long a row that has just come is marked, in milliseconds. */
export const FRESH = 3000;
/** How often new rows are told to a screen reader at most, in milliseconds. */
const TOLD = 5000;

/** What is added in the line at the bottom. */
export type Capture = 'finding' | 'action' | 'timeline' | 'park';

/** A dialog of the review that is open; `say` is a sentence to read out. */
export type ReviewDialog = { type: 'share' | 'end' | 'borrow' | 'lot' } | { type: 'reveal'; by: 1 | -1 } | { type: 'say'; when: string; say: string };

/** What stands in the line at the bottom. It outlives the line, which is another one when the window becomes as narrow as a phone. */
export class Line {
  kind: Capture = $state('finding');
  text = $state('');
  /** The finding that a new action item answers; empty for none. */
  answers = $state('');
  /** The time of a new event. */
  at: Moment | null = $state.raw(null);
  /** When the event happened that was added last. */
  lastAt: string | null = $state(null);
  /** Whether a new finding is what helped, as somebody chose it in this stage; null without a choice. */
  helped: boolean | null = $state(null);
  /** The stage in which that was chosen. */
  stage = -1;
  /** It was begun while everybody wrote silently. */
  silently = false;
  /** The silent finding that was sent last and is not known to have arrived. */
  draft: Draft | null = null;
}

/** The kinds of rows that arrive while a meeting goes on, and what one of them is called. */
const names: Partial<Record<RowKind, [string, string]>> = {
  timeline: ['event', 'events'],
  findings: ['finding', 'findings'],
  actions: ['action item', 'action items'],
  parking: ['parked item', 'parked items'],
};

/** Somebody who can take an action item. */
export interface Candidate {
  id: string;
  name: string;
  /** Open action items that they have already. */
  items: number;
}

/** The shared state of a review's screens. */
export class ReviewContext {
  readonly meeting: Meeting;
  readonly postmortem: PostmortemContext;
  /** The view for the shared screen: nothing private is drawn. */
  room: boolean = $state(false);
  /** Rows that have just come. */
  readonly fresh = new SvelteSet<string>();
  /** Who wrote a row first, by row. */
  readonly authors = new SvelteMap<string, string>();
  /** The facilitator's private notes. */
  readonly notes: PrivateNotes;
  /** Silent findings as they stand in their fields, where that is not handed in yet: the draft and the words, by draft. */
  readonly unsent = new SvelteMap<string, { draft: Draft; text: string }>();
  /** Parked lines that were read back and stay where they are. */
  readonly left = new SvelteSet<string>();
  /** How others join, while this review is shared by this computer. */
  share: ShareState | null = $state.raw(null);
  /** What is being written in the line at the bottom. */
  readonly line = new Line();
  /** Why something is not done, as far as it is written, and the row that it is about. It outlives its field, as the line does. */
  readonly reasons: Record<'actions' | 'findings', { row: string; text: string } | null> = { actions: null, findings: null };
  /** The dialog that is open; null for none. */
  dialog: ReviewDialog | null = $state.raw(null);
  /** Takes the keys 1 to 9; null where they choose nothing. */
  numbered: ((number: number) => void) | null = $state.raw(null);
  /** Writes something of a kind in the line at the bottom. */
  capture: (kind: Capture, finding?: string) => void = () => undefined;
  /** The row that was written here last; it is followed to where it stands. */
  written = $state('');
  readonly #known = new Set<string>();
  readonly #mine = new Set<string>();
  #started = false;
  readonly #arrived = new Map<RowKind, number>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(meeting: Meeting, postmortem: PostmortemContext) {
    this.meeting = meeting;
    this.postmortem = postmortem;
    this.notes = new PrivateNotes(meeting);
  }

  /** Takes note of a row that was written here: it is not told to the one who wrote it, and followed to where it stands unless it does not `follow`. */
  wrote(id: string, follow = true): void {
    this.#mine.add(id);
    if (!follow) return;
    this.written = id;
    setTimeout(() => {
      if (this.written === id) this.written = '';
    }, FRESH);
  }

  /** Finds the rows that have come since it was called last. */
  look(): void {
    const { document } = this.postmortem;
    for (const kind of Object.keys(names) as RowKind[]) {
      for (const row of document.rows<RowKind>(kind)) {
        if (this.#known.has(row.id)) continue;
        this.#known.add(row.id);
        if (!this.#started) continue;
        this.fresh.add(row.id);
        setTimeout(() => this.fresh.delete(row.id), FRESH);
        if (!this.#mine.has(row.id)) this.#arrived.set(kind, (this.#arrived.get(kind) ?? 0) + 1);
      }
    }
    this.#started = true;
    if (this.#arrived.size > 0) this.#telling ??= setTimeout(() => this.#tell(), TOLD);
  }

  #tell(): void {
    this.#telling = undefined;
    const words = [...this.#arrived].map(([kind, n]) => count(n, `new ${names[kind]?.[0] ?? 'row'}`, `new ${names[kind]?.[1] ?? 'rows'}`));
    this.#arrived.clear();
    this.postmortem.say(words.join(', '));
  }

  /** Asks who wrote the rows. */
  async loadAuthors(): Promise<void> {
    try {
      const found = await backend.call('row_authors', { doc: this.meeting.doc });
      for (const { row, person } of found) if (this.authors.get(row) !== person) this.authors.set(row, person);
    } catch {
      // A row without its author is read all the same; the next change asks again.
    }
  }

  /** Gives the keys 1 to 9 to a screen; returns the way to take them back, unless another screen has them by then. */
  takeNumbers(take: (number: number) => void): () => void {
    this.numbered = take;
    return () => {
      if (this.numbered === take) this.numbered = null;
    };
  }

  /** Takes the room to the next stage or the one before, after asking where that shows what is being written silently. */
  step(by: 1 | -1): void {
    if (this.meeting.view?.silent && neighbour(this.meeting.stages, this.meeting.at, by) !== null) this.dialog = { type: 'reveal', by };
    else void this.meeting.step(by);
  }

  /** Asks whether and how this review is shared. */
  async loadShare(): Promise<void> {
    if (this.meeting.view?.host !== true || !may('share_state')) return;
    try {
      const { share } = await backend.call('share_state', {});
      this.share = share?.doc === this.meeting.doc ? share : null;
    } catch {
      // Not every computer can share; without it the room is what it is.
      this.share = null;
    }
  }

  /** People of this review who can take something on, in the order of its participants: a number means the same person on every screen. */
  readonly candidates: readonly Candidate[] = $derived.by(() => {
    const { document } = this.postmortem;
    const elsewhere = directory()?.open_actions ?? {};
    const here = new Map<string, number>();
    for (const row of this.postmortem.openActions) if (row.data.owner !== null) here.set(row.data.owner, (here.get(row.data.owner) ?? 0) + 1);
    const found = new Map<string, Candidate>();
    for (const row of document.rows('participants')) {
      const id = row.data.person;
      if (id === null || this.postmortem.people.get(id)?.left === true) continue;
      found.set(id, { id, name: this.postmortem.participantName(row), items: Math.max(elsewhere[id] ?? 0, here.get(id) ?? 0) });
    }
    return [...found.values()];
  });

  /** Says whom an action item is given to; null for nobody. */
  assign(action: string, label: string, person: string | null): void {
    const { document, people } = this.postmortem;
    const known = person === null ? undefined : people.get(person);
    const row = document.rows('participants').find((one) => one.data.person === person);
    const copied = known ? this.postmortem.copyOf(known) : person === null ? null : { id: person, name: row?.data.name ?? '', title: row?.data.title ?? '' };
    document.assign(`the owner of ${label}`, action, 'owner', copied);
  }

  /** Nothing is told any more. */
  stop(): void {
    clearTimeout(this.#telling);
    this.meeting.stop();
    void this.notes.stop();
  }
}

/** Gives the context to everything inside. */
export function provideReview(context: ReviewContext): void {
  setContext(REVIEW, context);
}

/** The review around. */
export function useReview(): ReviewContext {
  return getContext<ReviewContext>(REVIEW);
}
