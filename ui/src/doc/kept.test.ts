import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';

import { Kept, keptHere, keptPostmortems, takeIn } from './kept';

/** What somebody wrote into a document of their own. */
function written(words: string): { doc: Y.Doc; update: Uint8Array } {
  const doc = new Y.Doc();
  doc.getText('title').insert(0, words);
  return { doc, update: Y.encodeStateAsUpdate(doc) };
}

function read(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc.getText('title').toString();
}

beforeEach(() => localStorage.clear());

test('what one page could not hand in, the next one finds', () => {
  const first = new Kept(localStorage, 'p1', 'a');
  expect(first.found(), 'nothing was left').toEqual([]);
  const { update } = written('Access took five minutes');
  expect(first.write([update]), 'the browser keeps it').toBe(true);

  const next = new Kept(localStorage, 'p1', 'b');
  expect(read(next.found()), 'the words are there').toBe('Access took five minutes');
  expect(new Kept(localStorage, 'p2', 'b').found(), 'another document has none of them').toEqual([]);
  next.handedIn();
  expect(new Kept(localStorage, 'p1', 'c').found(), 'stored is stored: nothing is left').toEqual([]);
});

test('a page that goes on writing keeps its own when another one hands in what it found', () => {
  const first = new Kept(localStorage, 'p1', 'a');
  const { doc, update } = written('Access');
  first.write([update]);
  const next = new Kept(localStorage, 'p1', 'b');
  doc.getText('title').insert(6, ' took five minutes');
  first.write([Y.encodeStateAsUpdate(doc)]);
  next.handedIn();
  expect(read(new Kept(localStorage, 'p1', 'c').found()), 'the longer text was not handed in yet').toBe('Access took five minutes');
});

test('nothing that waits leaves nothing behind', () => {
  const kept = new Kept(localStorage, 'p1', 'a');
  kept.write([written('Access').update]);
  kept.write([]);
  expect(localStorage.length, 'the browser keeps nothing for us').toBe(0);
});

test('garbage in the storage is left alone and hurts nobody', () => {
  localStorage.setItem('debrief-kept:p1:x', 'AAAA////');
  localStorage.setItem('debrief-kept:p1:y', '%%%');
  const kept = new Kept(localStorage, 'p1', 'a');
  expect(() => kept.found(), 'reading it does not fail').not.toThrow();
});

test('a browser that takes nothing says so', () => {
  const full: Storage = { length: 0, key: () => null, getItem: () => null, removeItem: () => undefined, clear: () => undefined, setItem: () => { throw new Error('full'); } };
  expect(new Kept(full, 'p1', 'a').write([written('Access').update]), 'so that nobody believes it was kept').toBe(false);
});

test('what is kept moves to another address', () => {
  const { update } = written('Access took five minutes');
  new Kept(localStorage, 'p1', 'a').write([update]);
  const moved = keptHere('p1');
  expect(keptHere('p2'), 'another document has nothing').toEqual([]);
  localStorage.clear();
  takeIn('p1', moved);
  const there = new Kept(localStorage, 'p1', 'b');
  expect(read(there.found()), 'it is handed in there').toBe('Access took five minutes');
  there.handedIn();
  expect(keptHere('p1'), 'once').toEqual([]);
});

test('the postmortems of which something is kept are known, each once', () => {
  localStorage.setItem('debrief-kept:d1:page-a', 'AQ==');
  localStorage.setItem('debrief-kept:d1:page-b', 'AQ==');
  localStorage.setItem('debrief-kept:d2:moved-0', 'AQ==');
  localStorage.setItem('debrief.prefs', '{}');
  expect(keptPostmortems().toSorted(), 'other keys are none of ours').toEqual(['d1', 'd2']);
});

test('nobody hands in what another account wrote in the same browser', () => {
  new Kept(localStorage, 'p1', 'a', 'ada').write([written('Ada wrote this').update]);
  expect(new Kept(localStorage, 'p1', 'b', 'bo').found(), 'it is not theirs').toEqual([]);
  expect(keptPostmortems('bo'), 'nor are they told of it').toEqual([]);
  const back = new Kept(localStorage, 'p1', 'c', 'ada');
  expect(read(back.found()), 'whoever wrote it hands it in').toBe('Ada wrote this');
  expect(keptPostmortems('ada'), 'and is told where it belongs').toEqual(['p1']);
});
