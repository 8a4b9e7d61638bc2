/** Who else has this postmortem open, and where in it they are. Nothing of it is kept. */
import { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

/** Somebody who has the document open; several windows of one person are one. */
export interface Present {
  /** Tells one from another: the lowest number among their windows. */
  client: number;
  /** Person of the directory; empty for somebody without one. */
  person: string;
  /** Name to show. */
  name: string;
  /** Where they are: the name of a section; may be empty. */
  place: string;
  /** They have typed within the last two seconds. */
  typing: boolean;
  /** When they came, milliseconds since 1970 by their own clock. */
  since: number;
  /** It is this window's person. */
  me: boolean;
}

/** Somebody's cursor in one of the texts. */
export interface RemoteCursor {
  client: number;
  person: string;
  name: string;
  anchor: unknown;
  head: unknown;
}

const LONGEST_NAME = 80;
const TYPING = 2000;

function words(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_NAME) : '';
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The people around one document. */
export class Presence {
  readonly awareness: Awareness;
  /** In the order in which they came. */
  people: readonly Present[] = $state.raw([]);
  #queued = false;
  #typingTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(doc: Y.Doc, me: { person: string; name: string }, now: number = Date.now()) {
    this.awareness = new Awareness(doc);
    this.enter(me, now);
    this.awareness.on('change', this.#changed);
    this.#read();
  }

  /** Shows this window's person to the others, who came at `now` (milliseconds since 1970). */
  enter(me: { person: string; name: string }, now: number = Date.now()): void {
    this.awareness.setLocalState({ user: { id: me.person, name: me.name }, place: '', typing: false, since: now });
  }

  /** Takes this window's person away; nothing they do is shown until they enter again. */
  leave(): void {
    this.awareness.setLocalState(null);
  }

  /** Says where this window's person is. */
  at(place: string): void {
    if (record(this.awareness.getLocalState()).place !== place) this.awareness.setLocalStateField('place', place);
  }

  /** Says that this window's person has just typed. */
  typed(): void {
    if (this.#typingTimer === null) this.awareness.setLocalStateField('typing', true);
    else clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.#typingTimer = null;
      this.awareness.setLocalStateField('typing', false);
    }, TYPING);
  }

  /** Says that what this window's person typed stands where it belongs. */
  sent(): void {
    if (this.#typingTimer === null) return;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = null;
    this.awareness.setLocalStateField('typing', false);
  }

  /** Says where this window's cursor is; null for nowhere. */
  cursor(cursor: { anchor: unknown; head: unknown } | null): void {
    this.awareness.setLocalStateField('cursor', cursor);
  }

  /** The cursors of the other windows. */
  cursors(): RemoteCursor[] {
    const found: RemoteCursor[] = [];
    this.awareness.getStates().forEach((state, client) => {
      if (client === this.awareness.clientID) return;
      const cursor = record(state.cursor);
      if (cursor.anchor === undefined || cursor.head === undefined) return;
      const user = record(state.user);
      found.push({ client, person: words(user.id), name: words(user.name), anchor: cursor.anchor, head: cursor.head });
    });
    return found;
  }

  /** Leaves. */
  destroy(): void {
    if (this.#typingTimer !== null) clearTimeout(this.#typingTimer);
    this.awareness.off('change', this.#changed);
    this.awareness.destroy();
  }

  /** A cursor may be taken away while the page is being drawn; what is shown follows right after. */
  readonly #changed = (): void => {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#read();
    });
  };

  readonly #read = (): void => {
    const byPerson = new Map<string, Present>();
    this.awareness.getStates().forEach((state, client) => {
      const user = record(state.user);
      const name = words(user.name);
      if (name === '') return;
      const person = words(user.id);
      const one: Present = {
        client,
        person,
        name,
        place: words(state.place),
        typing: state.typing === true,
        since: typeof state.since === 'number' ? state.since : 0,
        me: client === this.awareness.clientID,
      };
      const key = person === '' ? `${name} ${String(client)}` : person;
      const other = byPerson.get(key);
      byPerson.set(key, other ? { ...(one.typing || one.me ? one : other), me: one.me || other.me, client: Math.min(one.client, other.client), since: Math.min(one.since, other.since) } : one);
    });
    this.people = [...byPerson.values()].sort((a, b) => a.since - b.since || (a.person < b.person ? -1 : 1));
  };
}
