// A room full of Yjs clients in one process, for `make bench`. Some write at a steady rate, all are told, and what counts is
// the time from just before an edit until another client has it: one process, so one clock. It knows nothing of the server
// beyond the protocol. Its settings are one argument of JSON, its answer is one line of JSON.
import { createDecoder, hasContent, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, length, toUint8Array, writeBinaryEncoder, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { WebSocket } from 'ws';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { readSyncMessage, writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

/**
 * `url` is a document's address, `protocol` is `y-websocket` or `hocuspocus`, which names the `doc` in every message;
 * `token` goes into the Authorization header. There are `writers` and as many `receivers` as it says. Each writer makes
 * `rate` edits of one character a second for `warmup` seconds that do not count and `seconds` that do, and moves its
 * cursor with each when there is `awareness`.
 */
const settings = JSON.parse(process.argv[2]);
const hocuspocus = settings.protocol === 'hocuspocus';

/** Where everybody writes. */
const TEXT = 'sec:summary';
/** How long the server may take for anything. In milliseconds. */
const PATIENCE = 10_000;

// Types of messages.
const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const SYNC_REPLY = 4;

// Types of sync messages.
const STEP_1 = 0;
const STEP_2 = 1;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

/** Gives what a promise gives, or ends everything when that takes too long. */
async function soon(what, promise) {
  const timer = setTimeout(() => fail(`waited in vain for ${what}`), PATIENCE);
  const value = await promise;
  clearTimeout(timer);
  return value;
}

/** Arrivals of counted edits: what is expected, and how long each took. */
class Arrivals {
  times = [];
  expected = 0;
  /** Per writer, when each of its characters was written; nothing for those that do not count. */
  written = new Map();
  /** What listeners were told and when, to be looked at once all has been written. */
  unread = [];

  constructor() {
    this.complete = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** A client has a writer's characters from one clock to before another. */
  note(writer, from, to, now) {
    const written = this.written.get(writer);
    if (!written) return;
    for (let clock = from; clock < to; clock++) {
      if (written[clock] !== undefined) this.times.push(now - written[clock]);
    }
    if (this.closed && this.times.length >= this.expected) this.resolve();
  }

  /** A listener has an update. */
  hear(update, now) {
    if (this.closed) this.read(update, now);
    else this.unread.push([update, now]);
  }

  read(update, now) {
    for (const { id, length } of Y.decodeUpdate(update).structs) this.note(id.client, id.clock, id.clock + length, now);
  }

  /** All has been written: resolves `complete` as soon as all has come. */
  close() {
    this.closed = true;
    for (const [update, now] of this.unread.splice(0)) this.read(update, now);
  }

  quantile(part) {
    const sorted = this.times.toSorted((one, other) => one - other);
    return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  }
}

const arrivals = new Arrivals();

/** Resolves once something holds that a document or its awareness tells of. */
function becomes(teller, holds) {
  return new Promise((resolve) => {
    const look = () => {
      if (holds()) resolve();
    };
    teller.on('update', look);
    look();
  });
}

/** A connection to the document, and what all clients have in common: the framing, and that they say who they are. */
class Client {
  doc = new Y.Doc();
  awareness = new Awareness(this.doc);

  async join() {
    const headers = settings.token ? { authorization: `Bearer ${settings.token}` } : {};
    this.socket = new WebSocket(settings.url, { headers, perMessageDeflate: false });
    this.socket.on('close', (code, reason) => fail(`the server ended a connection: ${code} ${reason}`));
    this.socket.on('error', (problem) => fail(`a connection broke: ${problem}`));
    this.socket.on('message', (bytes) => this.receive(bytes));
    const synced = new Promise((resolve) => {
      this.synced = resolve;
    });
    await soon('a connection', new Promise((resolve) => this.socket.on('open', resolve)));
    if (hocuspocus) {
      this.send(AUTH, (message) => {
        writeVarUint(message, 0);
        writeVarString(message, 'anybody');
      });
    }
    this.send(SYNC, (message) => writeSyncStep1(message, this.doc));
    await soon('the first sync', synced);
    this.awareness.on('update', ({ added, updated, removed }, origin) => {
      if (origin === this) return;
      const update = encodeAwarenessUpdate(this.awareness, [...added, ...updated, ...removed]);
      this.send(AWARENESS, (message) => writeVarUint8Array(message, update));
    });
    this.awareness.setLocalState({ user: { name: `user ${this.doc.clientID}`, color: '#aabbcc' }, cursor: null });
  }

  send(type, write) {
    const message = createEncoder();
    if (hocuspocus) writeVarString(message, settings.doc);
    writeVarUint(message, type);
    write(message);
    this.socket.send(toUint8Array(message));
  }

  receive(bytes) {
    const message = createDecoder(bytes);
    if (hocuspocus) readVarString(message);
    while (hasContent(message)) {
      const type = readVarUint(message);
      if (type === SYNC || (hocuspocus && type === SYNC_REPLY)) this.sync(message);
      else if (type === AWARENESS) this.present(readVarUint8Array(message));
      // Whatever else there is takes the rest of the message, and is nothing that a stock client needs.
      else return;
    }
  }
}

/** A client as it is in an editor: it has the document, and knows who is present. */
class Editor extends Client {
  constructor() {
    super();
    this.doc.on('update', (update, origin) => {
      if (origin !== this) this.send(SYNC, (message) => writeUpdate(message, update));
    });
    this.doc.on('afterTransaction', ({ local, beforeState, afterState }) => {
      if (local) return;
      const now = performance.now();
      for (const [writer, clock] of afterState) {
        if (writer !== this.doc.clientID) arrivals.note(writer, beforeState.get(writer) ?? 0, clock, now);
      }
    });
  }

  get text() {
    return this.doc.getText(TEXT);
  }

  /** How many characters this client has written. */
  get clock() {
    return Y.getState(this.doc.store, this.doc.clientID);
  }

  /** Writes a character at the end. */
  type(counts) {
    const { clock } = this;
    arrivals.written.get(this.doc.clientID)[clock] = counts ? performance.now() : undefined;
    this.text.insert(this.text.length, 'abcdefghij'[clock % 10]);
    if (settings.awareness) this.awareness.setLocalStateField('cursor', { anchor: this.clock, head: this.clock });
  }

  sync(message) {
    const answer = createEncoder();
    const type = readSyncMessage(message, answer, this.doc, this);
    if (length(answer) > 0) this.send(SYNC, (whole) => writeBinaryEncoder(whole, answer));
    if (type === STEP_2) this.synced();
  }

  present(update) {
    applyAwarenessUpdate(this.awareness, update, this);
  }
}

/**
 * A client that only notes what it is told, and when. Forty documents in this process that each take in every edit would
 * cost more than any server does, and the figures would be theirs.
 */
class Listener extends Client {
  sync(message) {
    const now = performance.now();
    const type = readVarUint(message);
    const bytes = readVarUint8Array(message);
    if (type === STEP_1) this.send(SYNC, (answer) => writeSyncStep2(answer, this.doc));
    else if (type === STEP_2) this.synced();
    else arrivals.hear(bytes, now);
  }

  present() {}
}

const { writers: writing, receivers, rate, seconds, warmup } = settings;
const writers = Array.from({ length: writing }, () => new Editor());
const observer = new Editor();
const listeners = Array.from({ length: receivers - 1 }, () => new Listener());
// Servers tell in the order of joining: what the editors of this process do with an edit comes after the listeners have it.
for (const client of [...listeners, observer, ...writers]) await client.join();
const present = observer.awareness.getStates();
await soon('everybody to be seen', becomes(observer.awareness, () => present.size === writing + receivers));

const edits = (warmup + seconds) * rate;
arrivals.expected = seconds * rate * writing * (writing + receivers - 1);
for (const writer of writers) arrivals.written.set(writer.doc.clientID, []);

/** One writer's edits, each at its time; the writers take turns within the time between two edits. */
async function write(writer, number) {
  const between = 1000 / rate;
  const first = begun + (number * between) / writing;
  for (let edit = 0; edit < edits; edit++) {
    const ahead = first + edit * between - performance.now();
    if (ahead > 0) await pause(ahead);
    writer.type(edit >= warmup * rate);
  }
}

const begun = performance.now();
await Promise.all(writers.map(write));
// Reading what the listeners were told keeps this process busy: not while the last edits are on their way.
await soon('the last edits', becomes(observer.doc, () => observer.text.length === edits * writing));
arrivals.close();
await soon('every edit to arrive everywhere', arrivals.complete);
if (settings.awareness) {
  const there = () => writers.every(({ doc }) => present.get(doc.clientID)?.cursor?.head === edits);
  await soon('the last cursors', becomes(observer.awareness, there));
}

// From here on nothing counts. Whoever comes late finds what everybody has.
arrivals.written.clear();
const late = new Editor();
await late.join();
const text = late.text.toString();
const answer = {
  arrived: arrivals.times.length,
  expected: arrivals.expected,
  converged: text.length === edits * writing && [...writers, observer].every((client) => client.text.toString() === text),
  p50: arrivals.quantile(0.5),
  p99: arrivals.quantile(0.99),
};
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
