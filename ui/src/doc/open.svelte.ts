/** One postmortem that is open on the screen: its document, its connection and the people around it. */
import type { Backend } from '@ui/backend/backend';

import { Connection, type ConnectionState } from './connection';
import { PostmortemDocument } from './document.svelte';
import { Presence } from './presence.svelte';

/** An open postmortem. Close it when it leaves the screen. */
export class OpenPostmortem {
  readonly id: string;
  readonly document: PostmortemDocument;
  readonly presence: Presence;
  state: ConnectionState = $state.raw({ phase: 'opening', save: 'saved', waiting: 0, reason: '', synced: false });
  /** Texts in which somebody else's cursor stands. */
  occupied: ReadonlySet<unknown> = $state.raw(new Set());
  readonly #connection: Connection;

  constructor(id: string, backend: Pick<Backend, 'openDocument'>, me: { person: string; name: string }) {
    this.id = id;
    this.document = new PostmortemDocument();
    this.presence = new Presence(this.document.ydoc, me);
    this.presence.awareness.on('change', this.#look);
    this.#connection = new Connection({
      doc: this.document.ydoc,
      awareness: this.presence.awareness,
      open: (on) => backend.openDocument(id, on),
      changed: (state) => {
        const first = state.synced && !this.state.synced;
        this.state = state;
        // Cursors that came before the document stood in texts that were not there yet.
        if (first) this.#look();
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

  /** Leaves the document. */
  close(): void {
    this.presence.awareness.off('change', this.#look);
    this.#connection.close();
    this.presence.destroy();
    this.document.destroy();
  }
}
