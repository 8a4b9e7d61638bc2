/**
 * Keeps a document in step with the backend over its pipe: y-websocket frames, and the backend's own words about what is
 * durably stored. Edits are never given up: what was not stored when the pipe dropped is handed over again at the next
 * sync, and until then the state says so.
 */
import type { DocumentEvents, DocumentPipe } from '@ui/backend/backend';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';

import type { Kept } from './kept';

/** Types of frames. The first three are y-websocket's, the rest are between Debrief's page and its backend. */
export const FRAME = { sync: 0, awareness: 1, queryAwareness: 3, stored: 120, notSaved: 121, refused: 122 } as const;

/** A frame larger than this goes through a new first sync, for which the backend allows more. In bytes. */
const LARGE_FRAME = 900_000;
/** Edits closer together than this count as one when we say how many wait. In milliseconds. */
const ONE_EDIT = 1000;
/** A pipe that has not said "stored" for this long is taken for dead. In milliseconds. */
const SILENCE = 20_000;
/** Edits that wait longer than this are kept in the browser. In milliseconds. */
const KEEP_AFTER = 250;
const FIRST_RETRY = 250;
const LONGEST_RETRY = 8000;

/** Where the document is with its backend. */
export interface ConnectionState {
  /** `opening` until the first sync, `live`, `offline` while the pipe is gone, `refused` when it will not be taken. */
  phase: 'opening' | 'live' | 'offline' | 'refused';
  /** `saved` only when the backend has said that every edit made here is durable. */
  save: 'saved' | 'saving' | 'not_saved';
  /** Edits that are not yet known to be durable. */
  waiting: number;
  /** What the backend said about not saving, refusing or closing; may be empty. */
  reason: string;
  /** The document has been received at least once. */
  synced: boolean;
}

/** Time, chance and timers; tests pass their own. */
export interface Clock {
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
}

const realClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** What a connection needs. */
export interface ConnectionOptions {
  doc: Y.Doc;
  awareness: awarenessProtocol.Awareness;
  open: (on: DocumentEvents) => DocumentPipe;
  changed: (state: ConnectionState) => void;
  clock?: Clock;
  /** Keeps what is not stored yet for a later page; absent where the backend is this very program. */
  kept?: Kept | null;
}

interface Pending {
  /** Number of the frame that carries it on this pipe; null while it waits for the next sync. */
  frame: number | null;
  /** Edits that belong together count once. */
  group: number;
  /** When it was made, in milliseconds. */
  at: number;
  /** The edit itself. */
  update: Uint8Array;
}

/** One document's connection. */
export class Connection {
  readonly #doc: Y.Doc;
  readonly #awareness: awarenessProtocol.Awareness;
  readonly #openPipe: ConnectionOptions['open'];
  readonly #changed: ConnectionOptions['changed'];
  readonly #clock: Clock;
  readonly #kept: Kept | null;
  #stopKeeping: (() => void) | null = null;
  /** What an earlier page left is not stored yet. */
  #handing = false;
  #pipe: DocumentPipe | null = null;
  #phase: ConnectionState['phase'] = 'opening';
  #synced = false;
  /** The backend has asked for our state on this pipe and got it; before that, updates could come out of order. */
  #answered = false;
  #sent = 0;
  #stored = 0;
  #pending: Pending[] = [];
  #group = 0;
  #lastEdit = -Infinity;
  #notSaved: string | null = null;
  #reason = '';
  #retryIn = FIRST_RETRY;
  #stopRetry: (() => void) | null = null;
  #stopWatch: (() => void) | null = null;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#doc = options.doc;
    this.#awareness = options.awareness;
    this.#openPipe = options.open;
    this.#changed = options.changed;
    this.#clock = options.clock ?? realClock;
    this.#kept = options.kept ?? null;
    this.#takeUp();
    this.#doc.on('update', this.#onUpdate);
    this.#awareness.on('update', this.#onAwareness);
    this.#open();
  }

  /** The state now. */
  get state(): ConnectionState {
    const waiting = new Set(this.#pending.map((edit) => edit.group)).size;
    const lost = this.#phase === 'offline' || this.#phase === 'refused';
    const save = waiting === 0 ? 'saved' : this.#notSaved !== null || lost ? 'not_saved' : 'saving';
    return {
      phase: this.#phase,
      save,
      waiting,
      reason: this.#notSaved ?? this.#reason,
      synced: this.#synced,
    };
  }

  /** Tries again now, whatever has happened before. */
  retry(): void {
    if (this.#closed) return;
    if (this.#phase === 'refused') this.#phase = 'offline';
    this.#retryIn = FIRST_RETRY;
    this.#drop();
    this.#open();
  }

  /** Leaves. Edits that are not stored stay in the document in memory alone. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#kept !== null) removeEventListener('pagehide', this.#keepNow);
    this.#stopKeeping?.();
    awarenessProtocol.removeAwarenessStates(this.#awareness, [this.#doc.clientID], 'leaving');
    this.#doc.off('update', this.#onUpdate);
    this.#awareness.off('update', this.#onAwareness);
    this.#stopRetry?.();
    this.#stopWatch?.();
    this.#pipe?.close();
    this.#pipe = null;
  }

  /** Takes into the document what an earlier page could not hand in. */
  #takeUp(): void {
    if (this.#kept === null) return;
    const found = this.#kept.found();
    for (const update of found) {
      // What it builds on may come only with the first sync; the document keeps it aside until then.
      Y.applyUpdate(this.#doc, update, this);
      this.#pending.push({ frame: null, group: ++this.#group, at: this.#clock.now(), update });
    }
    this.#handing = found.length > 0;
    addEventListener('pagehide', this.#keepNow);
  }

  /** Keeps what is not stored, at once. */
  readonly #keepNow = (): void => {
    this.#stopKeeping?.();
    this.#stopKeeping = null;
    this.#kept?.write(this.#pending.map((edit) => edit.update));
  };

  /** Keeps what is not stored, or forgets it, now that this has changed. */
  #keep(): void {
    if (this.#kept === null) return;
    if (this.#pending.length === 0) {
      this.#keepNow();
      if (this.#handing) this.#kept.handedIn();
      this.#handing = false;
    } else {
      this.#stopKeeping ??= this.#clock.after(KEEP_AFTER, this.#keepNow);
    }
  }

  #open(): void {
    this.#stopRetry?.();
    this.#stopRetry = null;
    this.#answered = false;
    this.#sent = 0;
    this.#stored = 0;
    // A pipe may speak before `openPipe` has returned, and may go on speaking after it was dropped.
    let live = true;
    const mine = (): boolean => live && !this.#closed;
    const pipe = this.#openPipe({
      open: () => {
        if (mine()) this.#greet();
      },
      message: (bytes) => {
        if (mine()) this.#receive(bytes);
      },
      closed: (reason) => {
        if (!mine()) return;
        live = false;
        this.#lost(reason);
      },
    });
    this.#pipe = {
      send: (bytes) => {
        if (live) pipe.send(bytes);
      },
      close: () => {
        live = false;
        pipe.close();
      },
    };
    this.#tell();
  }

  #greet(): void {
    this.#send(FRAME.stored, () => undefined);
    this.#send(FRAME.sync, (encoder) => {
      syncProtocol.writeSyncStep1(encoder, this.#doc);
    });
    if (this.#awareness.getLocalState() !== null) this.#sendAwareness([this.#doc.clientID]);
    this.#watch();
  }

  #lost(reason: string): void {
    this.#drop();
    if (this.#phase !== 'refused') {
      this.#phase = 'offline';
      this.#reason = reason;
      const wait = this.#retryIn * (0.75 + this.#clock.random() / 2);
      this.#retryIn = Math.min(LONGEST_RETRY, this.#retryIn * 2);
      this.#stopRetry = this.#clock.after(wait, () => {
        this.#open();
      });
    }
    this.#tell();
  }

  /** Forgets the pipe; everything unacknowledged waits for the next one. */
  #drop(): void {
    this.#pipe?.close();
    this.#pipe = null;
    this.#answered = false;
    this.#notSaved = null;
    this.#stopWatch?.();
    this.#stopWatch = null;
    for (const edit of this.#pending) edit.frame = null;
    const others = [...this.#awareness.getStates().keys()].filter((id) => id !== this.#doc.clientID);
    awarenessProtocol.removeAwarenessStates(this.#awareness, others, this);
  }

  #send(type: number, write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    this.#pipe?.send(encoding.toUint8Array(encoder));
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    const now = this.#clock.now();
    if (now - this.#lastEdit > ONE_EDIT) this.#group++;
    this.#lastEdit = now;
    if (this.#answered && update.length > LARGE_FRAME) {
      this.#pending.push({ frame: null, group: this.#group, at: now, update });
      this.#keep();
      this.#drop();
      this.#open();
      return;
    }
    let frame: number | null = null;
    if (this.#answered) {
      frame = ++this.#sent;
      this.#send(FRAME.sync, (encoder) => {
        syncProtocol.writeUpdate(encoder, update);
      });
    }
    this.#pending.push({ frame, group: this.#group, at: now, update });
    this.#keep();
    this.#tell();
  };

  readonly #onAwareness = (changed: { added: number[]; updated: number[]; removed: number[] }, origin: unknown): void => {
    if (origin === this) return;
    this.#sendAwareness([...changed.added, ...changed.updated, ...changed.removed].filter((id) => id === this.#doc.clientID));
  };

  #sendAwareness(clients: number[]): void {
    if (clients.length === 0) return;
    this.#send(FRAME.awareness, (encoder) => {
      encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(this.#awareness, clients));
    });
  }

  #receive(bytes: Uint8Array): void {
    try {
      const decoder = decoding.createDecoder(bytes);
      const type = decoding.readVarUint(decoder);
      switch (type) {
        case FRAME.sync:
          this.#receiveSync(decoder);
          break;
        case FRAME.awareness:
          awarenessProtocol.applyAwarenessUpdate(this.#awareness, decoding.readVarUint8Array(decoder), this);
          break;
        case FRAME.queryAwareness:
          this.#sendAwareness([this.#doc.clientID]);
          break;
        case FRAME.stored:
          this.#acknowledged(decoding.readVarUint(decoder));
          break;
        case FRAME.notSaved:
          this.#notSaved = decoding.readVarString(decoder);
          this.#tell();
          break;
        case FRAME.refused:
          this.#phase = 'refused';
          this.#reason = decoding.readVarString(decoder);
          this.#tell();
          break;
        default:
          break;
      }
    } catch {
      this.#phase = 'refused';
      this.#reason = 'Something came back from the workspace that this page cannot read. Reload it; what was shown as saved is there.';
      this.#drop();
      this.#tell();
    }
  }

  #receiveSync(decoder: decoding.Decoder): void {
    const step = decoding.readVarUint(decoder);
    if (step === syncProtocol.messageYjsSyncStep1) {
      const theirs = decoding.readVarUint8Array(decoder);
      const frame = ++this.#sent;
      this.#send(FRAME.sync, (encoder) => {
        syncProtocol.writeSyncStep2(encoder, this.#doc, theirs);
      });
      this.#answered = true;
      for (const edit of this.#pending) edit.frame ??= frame;
      this.#watch();
    } else if (step === syncProtocol.messageYjsSyncStep2 || step === syncProtocol.messageYjsUpdate) {
      // An update that lacks its predecessors is kept aside by Yjs; asking again brings them.
      Y.applyUpdate(this.#doc, decoding.readVarUint8Array(decoder), this);
      if (this.#doc.store.pendingStructs !== null && step === syncProtocol.messageYjsUpdate) {
        this.#send(FRAME.sync, (encoder) => {
          syncProtocol.writeSyncStep1(encoder, this.#doc);
        });
      }
      if (step === syncProtocol.messageYjsSyncStep2) {
        this.#synced = true;
        this.#phase = 'live';
        this.#reason = '';
        this.#retryIn = FIRST_RETRY;
      }
    }
    this.#tell();
  }

  #acknowledged(count: number): void {
    this.#stored = Math.max(this.#stored, count);
    this.#notSaved = null;
    this.#pending = this.#pending.filter((edit) => edit.frame === null || edit.frame > this.#stored);
    this.#keep();
    this.#watch();
    this.#tell();
  }

  /** Looks now and then whether the pipe still answers. */
  #watch(): void {
    this.#stopWatch?.();
    this.#stopWatch = this.#clock.after(SILENCE, () => {
      const oldest = this.#pending[0];
      const dead = !this.#answered || (oldest !== undefined && this.#clock.now() - oldest.at >= SILENCE);
      if (dead && this.#notSaved === null && this.#phase !== 'refused') {
        this.#lost('');
      } else {
        this.#watch();
      }
    });
  }

  #tell(): void {
    if (!this.#closed) this.#changed(this.state);
  }
}
