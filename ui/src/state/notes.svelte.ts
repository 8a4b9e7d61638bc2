/**
 * The facilitator's private notes of one review. They belong to the review and not to what shows them: they stay when the
 * page turns to the room view, and the browser keeps them until the computer that holds the meeting has them.
 */
import type { Meeting } from './meeting.svelte';
import { setUnsaved } from './unsaved.svelte';

const PREFIX = 'debrief-notes:';
/** How long nobody types before notes are handed in, in milliseconds. */
const PAUSE = 800;
/** How long is waited before notes that did not arrive are handed in again, in milliseconds. */
const AGAIN = 5000;

/** What the browser keeps: the notes, and what was stored when they were written. */
interface Kept {
  base: string;
  text: string;
}

/** The browser's storage; null where it gives none. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** Notes as they stand in the field. */
export class PrivateNotes {
  /** What stands in the field. */
  text = $state('');
  /** It did not arrive at the computer that holds the meeting, and is tried again. */
  waiting = $state(false);
  readonly #meeting: Meeting;
  readonly #storage: Storage | null;
  /** What that computer has, as far as it is known; null before it has told. */
  #stored: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(meeting: Meeting, kept: Storage | null = storage()) {
    this.#meeting = meeting;
    this.#storage = kept;
  }

  /** Follows what the meeting tells. */
  follow(): void {
    const { view } = this.#meeting;
    if (view === null || view.ended_at !== null || view.cockpit === null) return;
    const { notes } = view.cockpit;
    const own = this.#dirty;
    const first = this.#stored === null;
    this.#stored = notes;
    // Another window of mine may have written; what is being written here stays.
    if (first) this.text = this.#left(notes);
    else if (!own) this.text = notes;
    if (this.#dirty && this.#timer === undefined) this.#soon(first ? 0 : PAUSE);
  }

  /** Something was typed. */
  typed(): void {
    this.#write();
    this.#soon(PAUSE);
  }

  /** Hands in what is not stored yet. False when it did not arrive; it is kept then. */
  async keep(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { text } = this;
    if (!this.#dirty || !this.#meeting.open) return true;
    if (!this.#meeting.leads) return false;
    if (!(await this.#meeting.act({ type: 'notes', text }, true))) {
      this.waiting = true;
      if (!this.#stopped) this.#soon(AGAIN);
      return false;
    }
    this.waiting = false;
    this.#stored = text;
    this.#write();
    if (this.#dirty && !this.#stopped) this.#soon(PAUSE);
    return true;
  }

  /** The review leaves the screen: what did not arrive is handed in by whichever page opens it next. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.keep();
    clearTimeout(this.#timer);
    setUnsaved(this, 0);
  }

  get #dirty(): boolean {
    return this.#stored !== null && this.text !== this.#stored;
  }

  get #key(): string {
    return `${PREFIX}${this.#meeting.doc}:${this.#meeting.view?.me ?? ''}`;
  }

  #soon(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), pause);
  }

  /** The stored notes with what an earlier page wrote and could not hand in. */
  #left(notes: string): string {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? 'null') as Partial<Kept> | null;
      if (typeof kept?.text !== 'string' || notes === kept.text) return notes;
      // Both were written where neither knew of the other; neither is thrown away.
      return notes === kept.base || notes === '' ? kept.text : `${notes}\n\n${kept.text}`;
    } catch {
      return notes;
    }
  }

  #write(): void {
    setUnsaved(this, this.#dirty ? 1 : 0);
    try {
      if (this.#dirty) this.#storage?.setItem(this.#key, JSON.stringify({ base: this.#stored ?? '', text: this.text } satisfies Kept));
      else this.#storage?.removeItem(this.#key);
    } catch {
      // Without storage they live as long as this page.
    }
  }
}
