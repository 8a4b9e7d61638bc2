import type { DocumentEvents } from '@ui/backend/backend';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { beforeEach, expect, test } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';

import { type Clock, Connection, type ConnectionState, FRAME } from './connection';

/** The other end of a pipe: keeps its own document and says "stored" when it is told to. */
class Peer {
  readonly doc = new Y.Doc();
  readonly frames: number[] = [];
  on: DocumentEvents | null = null;
  received = 0;
  opened = 0;

  readonly open = (on: DocumentEvents): { send(bytes: Uint8Array): void; close(): void } => {
    this.on = on;
    this.opened++;
    this.received = 0;
    return {
      send: (bytes) => {
        if (this.on === on) this.receive(bytes);
      },
      close: () => {
        if (this.on === on) this.on = null;
      },
    };
  };

  connect(): void {
    this.on?.open();
    this.send(FRAME.sync, (encoder) => {
      syncProtocol.writeSyncStep1(encoder, this.doc);
    });
  }

  receive(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    this.frames.push(type);
    if (type !== FRAME.sync) return;
    const step = decoding.readVarUint(decoder);
    if (step === 0) {
      const state = decoding.readVarUint8Array(decoder);
      this.send(FRAME.sync, (encoder) => {
        syncProtocol.writeSyncStep2(encoder, this.doc, state);
      });
    } else {
      this.received++;
      Y.applyUpdate(this.doc, decoding.readVarUint8Array(decoder));
    }
  }

  send(type: number, write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    this.on?.message(encoding.toUint8Array(encoder));
  }

  store(count = this.received): void {
    this.send(FRAME.stored, (encoder) => {
      encoding.writeVarUint(encoder, count);
    });
  }

  say(type: number, sentence: string): void {
    this.send(type, (encoder) => {
      encoding.writeVarString(encoder, sentence);
    });
  }
}

class HandClock implements Clock {
  time = 1_000_000;
  timers: { at: number; run: () => void }[] = [];
  now(): number {
    return this.time;
  }
  random(): number {
    return 0.5;
  }
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }
}

let peer: Peer;
let clock: HandClock;
let doc: Y.Doc;
let states: ConnectionState[];
let connection: Connection;

function last(): ConnectionState {
  return connection.state;
}

function type(words: string): void {
  doc.getText('title').insert(0, words);
}

beforeEach(() => {
  peer = new Peer();
  clock = new HandClock();
  doc = new Y.Doc();
  states = [];
  connection = new Connection({ doc, awareness: new Awareness(doc), open: peer.open, changed: (state) => states.push(state), clock });
});

test('the first frame says that we understand, then we sync', () => {
  peer.doc.getText('title').insert(0, 'Login');
  peer.connect();
  expect(peer.frames[0]).toBe(FRAME.stored);
  expect(doc.getText('title').length).toBe(5);
  expect(last()).toMatchObject({ phase: 'live', synced: true, save: 'saved', waiting: 0 });
});

test('Saving until the backend has said that the frame is durable', () => {
  peer.connect();
  peer.store();
  type('a');
  expect(last()).toMatchObject({ save: 'saving', waiting: 1 });
  clock.pass(1500);
  type('b');
  expect(last().waiting).toBe(2);
  peer.store(2);
  expect(last()).toMatchObject({ save: 'saving', waiting: 1 });
  peer.store(3);
  expect(last()).toMatchObject({ save: 'saved', waiting: 0 });
});

test('keystrokes within a second are one edit', () => {
  peer.connect();
  type('a');
  type('b');
  type('c');
  expect(last().waiting).toBe(1);
});

test('a full disk is said, with the edits that are kept, until it is stored after all', () => {
  peer.connect();
  type('a');
  peer.say(FRAME.notSaved, 'This disk is full.');
  expect(last()).toMatchObject({ save: 'not_saved', waiting: 1, reason: 'This disk is full.', phase: 'live' });
  type('b');
  expect(last().save).toBe('not_saved');
  peer.store();
  expect(last()).toMatchObject({ save: 'saved', reason: '' });
});

test('nothing is lost when the pipe drops: what was not stored is handed over at the next sync', () => {
  peer.connect();
  peer.store();
  type('stored? ');
  const before = Y.encodeStateVector(peer.doc);
  peer.on?.closed('');
  expect(last()).toMatchObject({ phase: 'offline', save: 'not_saved', waiting: 1 });
  clock.pass(100);
  type('offline ');
  // The backend lost what it had not stored.
  const old = Y.encodeStateAsUpdate(peer.doc, before);
  expect(old.length).toBeGreaterThan(0);
  clock.pass(60_000);
  expect(peer.opened).toBeGreaterThan(1);
  peer.connect();
  expect(peer.doc.getText('title').length).toBe(doc.getText('title').length);
  expect(last()).toMatchObject({ phase: 'live', save: 'saving' });
  peer.store(1);
  expect(last().save).toBe('saved');
});

test('edits before the backend has asked for our state wait for its question', () => {
  type('early');
  expect(last()).toMatchObject({ phase: 'opening', save: 'saving', waiting: 1 });
  peer.connect();
  expect(peer.doc.getText('title').length).toBe(5);
  expect(peer.received).toBe(1);
  peer.store(1);
  expect(last().save).toBe('saved');
});

test('a refusal is final until somebody asks again', () => {
  peer.connect();
  type('x');
  peer.say(FRAME.refused, 'This edit could not be read.');
  peer.on?.closed('');
  clock.pass(120_000);
  expect(peer.opened).toBe(1);
  expect(last()).toMatchObject({ phase: 'refused', save: 'not_saved', reason: 'This edit could not be read.' });
  connection.retry();
  expect(peer.opened).toBe(2);
  peer.connect();
  peer.store(1);
  expect(last()).toMatchObject({ phase: 'live', save: 'saved' });
});

test('retries come further and further apart, and a silent pipe is taken for dead', () => {
  peer.connect();
  type('x');
  clock.pass(21_000);
  expect(last().phase).toBe('offline');
  const opened: number[] = [];
  for (let i = 0; i < 5; i++) {
    clock.pass(30_000);
    peer.on?.closed('');
    opened.push(peer.opened);
  }
  expect(opened.at(-1)).toBeLessThan(12);
});

test('a very large edit goes through a new first sync', () => {
  peer.connect();
  type('z'.repeat(950_000));
  expect(peer.opened).toBe(2);
  expect(last().save).toBe('saving');
  peer.connect();
  expect(peer.doc.getText('title').length).toBe(950_000);
});

test('bytes that cannot be read end in a sentence', () => {
  peer.connect();
  peer.on?.message(new Uint8Array([0, 2, 255, 255, 255, 255, 255]));
  expect(last().phase).toBe('refused');
  expect(last().reason).toContain('Reload');
});

test('leaving takes our presence away and stops listening', () => {
  peer.connect();
  const count = peer.frames.length;
  connection.close();
  type('later');
  expect(peer.frames.slice(count)).toEqual([FRAME.awareness]);
});
