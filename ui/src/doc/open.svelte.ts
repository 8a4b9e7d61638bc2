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
  readonly #connection: Connection;

  constructor(id: string, backend: Pick<Backend, 'openDocument'>, me: { person: string; name: string }) {
    this.id = id;
    this.document = new PostmortemDocument();
    this.presence = new Presence(this.document.ydoc, me);
    this.#connection = new Connection({
      doc: this.document.ydoc,
      awareness: this.presence.awareness,
      open: (on) => backend.openDocument(id, on),
      changed: (state) => {
        this.state = state;
      },
    });
  }

  /** Connects again at once. */
  retry(): void {
    this.#connection.retry();
  }

  /** Leaves the document. */
  close(): void {
    this.#connection.close();
    this.presence.destroy();
    this.document.destroy();
  }
}
