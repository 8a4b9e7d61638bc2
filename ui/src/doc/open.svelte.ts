/** One postmortem that is open on the screen: its document, its connection and the people around it. */
import type { Backend } from '@ui/backend/backend';
import { isForTeam } from '@ui/backend/team';
import { setUnsaved } from '@ui/state/unsaved.svelte';

import { Connection, type ConnectionState } from './connection';
import { keptIn } from './kept';
import { PostmortemDocument } from './document.svelte';
import { Presence } from './presence.svelte';

/** Who edits. */
export interface Me {
  /** Person of the directory; empty for somebody without one. */
  person: string;
  /** Name that the others see. */
  name: string;
}

/**
 * What is on the screen, and what has left it with edits that are not stored. By document and person: the backend binds
 * the marks of one document in memory to one person.
 */
const held = new Map<string, OpenPostmortem>();

/**
 * Opens a postmortem for the screen. What left the screen before all of it was stored is taken up again. `away` says that
 * another computer holds it.
 */
export function openPostmortem(id: string, backend: Pick<Backend, 'openDocument' | 'shell'>, me: Me, away = false): OpenPostmortem {
  const key = `${id} ${me.person}`;
  const there = held.get(key);
  if (there !== undefined) {
    there.enter(me);
    return there;
  }
  const open = new OpenPostmortem(id, backend, me, away, () => {
    if (held.get(key) === open) held.delete(key);
  });
  held.set(key, open);
  return open;
}

/** A postmortem that is on the screen or still has edits to store; undefined when it is not open. */
export function openedPostmortem(id: string): OpenPostmortem | undefined {
  return [...held.values()].find((open) => open.id === id);
}

/** Connects everything that is open again at once. */
export function retryAll(): void {
  for (const open of [...held.values()]) open.retry();
}

/** Hands in what an earlier page kept of a postmortem that is not on the screen; it closes by itself once all of it is stored. */
export function handIn(id: string, backend: Pick<Backend, 'openDocument' | 'shell'>, me: Me): void {
  openPostmortem(id, backend, me).close();
}

/** An open postmortem. Close it when it leaves the screen. */
export class OpenPostmortem {
  readonly id: string;
  /** Who edits; empty for somebody who is not in the directory. */
  readonly person: string;
  readonly document: PostmortemDocument;
  readonly presence: Presence;
  state: ConnectionState = $state.raw({ phase: 'opening', save: 'saved', waiting: 0, reason: '', synced: false });
  /** Texts in which somebody else's cursor stands. */
  occupied: ReadonlySet<unknown> = $state.raw(new Set());
  readonly #connection: Connection;
  readonly #ended: () => void;
  /** Screens that show it. */
  #screens = 1;
  #over = false;

  constructor(id: string, backend: Pick<Backend, 'openDocument' | 'shell'>, me: Me, away: boolean, ended: () => void) {
    this.id = id;
    this.person = me.person;
    this.#ended = ended;
    this.document = new PostmortemDocument();
    this.presence = new Presence(this.document.ydoc, me);
    this.presence.awareness.on('change', this.#look);
    this.#connection = new Connection({
      doc: this.document.ydoc,
      awareness: this.presence.awareness,
      open: (on) => backend.openDocument(id, on),
      // A window with its own workspace is at both ends of the pipe: it does not close before all is stored.
      kept: backend.shell === 'browser' || away ? keptIn(id, isForTeam() ? me.person : '') : null,
      changed: (state) => {
        const first = state.synced && !this.state.synced;
        this.state = state;
        setUnsaved(this, state.waiting);
        // Cursors that came before the document stood in texts that were not there yet.
        if (first) this.#look();
        if (this.#screens === 0 && state.waiting === 0) this.discard();
      },
    });
  }

  /** Connects again at once. */
  retry(): void {
    this.#connection.retry();
  }

  readonly #look = (): void => {
    const texts = this.presence.cursors().flatMap((cursor) => this.document.textAt(cursor.head) ?? []);
    const next = new Set<unknown>(texts);
    const same = next.size === this.occupied.size && texts.every((text) => this.occupied.has(text));
    if (!same) this.occupied = next;
  };

  /** Comes onto one more screen. */
  enter(me: Me): void {
    this.#screens++;
    this.presence.enter(me);
  }

  /** Stays open, on the screen or not, until the function that is given is called. */
  hold(): () => void {
    if (this.#over) return () => undefined;
    this.#screens++;
    let held = true;
    return () => {
      if (held) this.close();
      held = false;
    };
  }

  /** Leaves the screen. The connection ends as soon as everything that was edited here is stored. */
  close(): void {
    if (this.#screens === 0 || --this.#screens > 0) return;
    if (this.state.waiting === 0) this.discard();
    else this.presence.leave();
  }

  /** Ends the connection and forgets what is not stored. */
  discard(): void {
    if (this.#over) return;
    this.#over = true;
    this.#screens = 0;
    setUnsaved(this, 0);
    this.presence.awareness.off('change', this.#look);
    this.#connection.close();
    this.presence.destroy();
    this.document.destroy();
    this.#ended();
  }
}
