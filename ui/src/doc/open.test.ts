import type { DocumentEvents } from '@ui/backend/backend';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';

import { unsaved } from '../state/unsaved.svelte';
import { FRAME } from './connection';
import { type OpenPostmortem, openPostmortem } from './open.svelte';

const me = { person: 'greg', name: 'Greg' };

/** A backend that keeps what it gets, and says that it is stored when it is told to. */
class Peer {
  readonly shell = 'desktop';
  readonly doc = new Y.Doc();
  on: DocumentEvents | null = null;
  opened = 0;
  received = 0;

  readonly openDocument = (_id: string, on: DocumentEvents) => {
    this.on = on;
    this.opened++;
    this.received = 0;
    return {
      send: (bytes: Uint8Array) => this.receive(bytes),
      close: () => {
        if (this.on === on) this.on = null;
      },
    };
  };

  connect(): void {
    this.on?.open();
    this.send(FRAME.sync, (encoder) => syncProtocol.writeSyncStep1(encoder, this.doc));
  }

  receive(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarUint(decoder) !== FRAME.sync) return;
    const step = decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder);
    if (step === 0) this.send(FRAME.sync, (encoder) => syncProtocol.writeSyncStep2(encoder, this.doc, body));
    else {
      this.received++;
      Y.applyUpdate(this.doc, body);
    }
  }

  send(type: number, write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    this.on?.message(encoding.toUint8Array(encoder));
  }

  store(): void {
    this.send(FRAME.stored, (encoder) => encoding.writeVarUint(encoder, this.received));
  }
}

let peer: Peer;
let open: OpenPostmortem;

/** Whether the browser would ask before it closes the page. */
function asks(): boolean {
  return !dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

beforeEach(() => {
  peer = new Peer();
  open = openPostmortem('p1', peer, me);
  peer.connect();
  peer.store();
});

afterEach(() => {
  open.discard();
});

test('leaving with everything stored ends the connection', () => {
  open.close();
  expect(peer.on).toBeNull();
  expect(asks()).toBe(false);
});

test('a field that still finds out what was typed keeps the document until its edit is stored', () => {
  const release = open.hold();
  open.close();
  expect(peer.on, 'the answer may still come').not.toBeNull();
  open.document.titleText.insert(0, 'Login');
  release();
  release();
  expect(peer.on, 'its edit is on its way').not.toBeNull();
  expect(peer.doc.getText('title').toJSON()).toBe('Login');
  peer.store();
  expect(peer.on).toBeNull();
  expect(asks()).toBe(false);
});

test('edits that are not stored outlive the screen, and the page asks before it goes', () => {
  open.document.titleText.insert(0, 'Login');
  open.close();
  expect(peer.on).not.toBeNull();
  expect([unsaved(), asks()]).toEqual([1, true]);
  peer.on?.closed('');
  open.retry();
  peer.connect();
  expect(peer.doc.getText('title').toJSON()).toBe('Login');
  peer.store();
  expect(peer.on).toBeNull();
  expect([unsaved(), asks()]).toEqual([0, false]);
});

test('coming back finds the same document with what was typed, also while the workspace is out of reach', () => {
  open.document.titleText.insert(0, 'Login');
  peer.on?.closed('');
  open.close();
  const again = openPostmortem('p1', peer, me);
  expect(again).toBe(open);
  expect(again.document.title).toBe('Login');
  expect(again.presence.people.map((person) => person.name)).toEqual(['Greg']);
  again.retry();
  peer.connect();
  peer.store();
  // It is on the screen again, so it stays open.
  expect(peer.on).not.toBeNull();
  again.close();
  expect(peer.on).toBeNull();
});

test('nobody is seen in a document that has left the screen', async () => {
  open.document.titleText.insert(0, 'Login');
  open.close();
  await Promise.resolve();
  expect(open.presence.people).toEqual([]);
});

test('somebody else at this computer gets a document of their own, and the edits of the first are sent as theirs', () => {
  open.document.titleText.insert(0, 'Login');
  open.close();
  const first = peer.on;
  const other = openPostmortem('p1', peer, { person: 'gary', name: 'Gary' });
  expect(other).not.toBe(open);
  expect(other.document.ydoc.clientID).not.toBe(open.document.ydoc.clientID);
  expect(first).not.toBe(peer.on);
  expect(unsaved()).toBe(1);
  other.close();
});

test('what another computer holds is kept here until it has it, what this one holds is not', () => {
  const kept = () => Object.keys(localStorage).filter((key) => key.startsWith('debrief-kept:'));
  open.document.titleText.insert(0, 'Login');
  dispatchEvent(new Event('pagehide'));
  expect(kept()).toEqual([]);

  const there = new Peer();
  const away = openPostmortem('p2', there, me, true);
  there.connect();
  away.document.titleText.insert(0, 'Login');
  dispatchEvent(new Event('pagehide'));
  expect(kept()).toHaveLength(1);
  there.store();
  expect(kept()).toEqual([]);
  away.discard();
});
