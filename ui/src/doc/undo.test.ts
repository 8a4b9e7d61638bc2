import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from './document.svelte';

let mine: PostmortemDocument;
let theirs: PostmortemDocument;

/** Brings both documents to the same state, as the backend would. */
function exchange(): void {
  Y.applyUpdate(theirs.ydoc, Y.encodeStateAsUpdate(mine.ydoc, Y.encodeStateVector(theirs.ydoc)), 'pipe');
  Y.applyUpdate(mine.ydoc, Y.encodeStateAsUpdate(theirs.ydoc, Y.encodeStateVector(mine.ydoc)), 'pipe');
}

beforeEach(() => {
  mine = new PostmortemDocument();
  theirs = new PostmortemDocument();
});

test('a field goes back when its value is still the one I set', () => {
  mine.editHeader('the severity', { severity: 'SEV2' });
  mine.editHeader('the severity', { severity: 'SEV1' });
  expect(mine.undo()).toEqual({ done: true, label: 'the severity', kept: false });
  expect(mine.header.severity).toBe('SEV2');
  expect(mine.redo().done).toBe(true);
  expect(mine.header.severity).toBe('SEV1');
  mine.undo();
  mine.undo();
  expect(mine.header.severity).toBeNull();
  expect(mine.canUndo).toBe(false);
});

test('a value that another person has set since stays', () => {
  const id = mine.add('an action', 'actions', { texts: { text: 'Watch the host' } });
  mine.edit('the status', 'actions', id, { status: 'done', settled_at: '2026-11-12T10:00:00Z' });
  exchange();
  theirs.edit('the status', 'actions', id, { status: 'declined' });
  exchange();
  expect(mine.undo()).toEqual({ done: false, label: 'the status', kept: true });
  expect(mine.row('actions', id)?.data).toMatchObject({ status: 'declined', settled_at: '2026-11-12T10:00:00Z' });
});

test('a row that I added is hidden and shown again; one that others have worked on stays', () => {
  const first = mine.add('a finding', 'findings', { texts: { text: 'One' } });
  exchange();
  // The backend numbers the row; that is nobody's work.
  theirs.ydoc.getMap<Y.Map<unknown>>('findings').get(first)?.set('number', 1);
  exchange();
  expect(mine.row('findings', first)?.data.number).toBe(1);
  expect(mine.undo().done).toBe(true);
  expect(mine.rows('findings')).toHaveLength(0);
  mine.redo();
  expect(mine.rows('findings').map((row) => row.data.text)).toEqual(['One']);

  const second = mine.add('a finding', 'findings', { texts: { text: 'Two' } });
  exchange();
  const text = theirs.rowText('findings', second, 'text');
  if (text) theirs.splice(text, 3, 0, ', and more');
  exchange();
  expect(mine.undo()).toMatchObject({ done: false, kept: true });
  expect(mine.row('findings', second)?.data.text).toBe('Two, and more');
});

test('a row that I deleted comes back with what others wrote meanwhile', () => {
  const id = mine.add('an event', 'timeline', { texts: { text: 'We know' } });
  exchange();
  mine.hide('the event', 'timeline', id);
  const text = theirs.rowText('timeline', id, 'text');
  if (text) theirs.splice(text, 7, 0, ' now');
  exchange();
  expect(mine.rows('timeline')).toHaveLength(0);
  mine.undo();
  exchange();
  expect(theirs.row('timeline', id)?.data.text).toBe('We know now');
});

test('typing and other edits are undone in the order they were made', () => {
  mine.splice(mine.titleText, 0, 0, 'Login');
  mine.editHeader('the severity', { severity: 'SEV3' });
  mine.splice(mine.titleText, 5, 0, ' outage');
  mine.setFlat('a tag', 'tag', 'night', true);
  mine.undo();
  expect([mine.header.tags, mine.title]).toEqual([[], 'Login outage']);
  mine.undo();
  expect([mine.title, mine.header.severity]).toEqual(['Login', 'SEV3']);
  mine.undo();
  expect([mine.title, mine.header.severity]).toEqual(['Login', null]);
  mine.undo();
  expect(mine.title).toBe('');
  expect(mine.undo().done).toBe(false);
  for (let i = 0; i < 4; i++) mine.redo();
  expect([mine.title, mine.header.severity, mine.header.tags]).toEqual(['Login outage', 'SEV3', ['night']]);
  expect(mine.canRedo).toBe(false);
});

test("undoing my words leaves another person's words", () => {
  mine.splice(mine.titleText, 0, 0, 'outage');
  exchange();
  theirs.splice(theirs.titleText, 0, 0, 'Login ');
  exchange();
  mine.undo();
  expect(mine.title).toBe('Login ');
});

test('words that another person has deleted are skipped, and the edit before them is undone', () => {
  mine.editHeader('the severity', { severity: 'SEV4' });
  mine.splice(mine.titleText, 0, 0, 'x');
  exchange();
  theirs.splice(theirs.titleText, 0, 1, '');
  exchange();
  expect(mine.undo()).toMatchObject({ done: true, label: 'the severity' });
  expect(mine.header.severity).toBeNull();
});

test('a new edit takes the redo away', () => {
  mine.splice(mine.titleText, 0, 0, 'a');
  mine.undo();
  mine.editHeader('the status', { status: 'closed' });
  expect(mine.canRedo).toBe(false);
  mine.undo();
  mine.splice(mine.titleText, 0, 0, 'b');
  expect(mine.canRedo).toBe(false);
});

test('a move goes back only while the row is where I put it', () => {
  const ids = ['a', 'b', 'c'].map((text) => mine.add('a finding', 'findings', { texts: { text } }));
  exchange();
  mine.move('F1', 'findings', ids[0] ?? '', 2);
  const order = (): string => mine.rows('findings').map((row) => row.data.text).join('');
  expect(order()).toBe('bca');
  mine.undo();
  expect(order()).toBe('abc');
  mine.redo();
  exchange();
  theirs.move('F1', 'findings', ids[0] ?? '', 1);
  exchange();
  expect(mine.undo().kept).toBe(true);
  expect(order()).toBe('bac');
});

test('one edit is taken back out of its turn', () => {
  const id = mine.add('a finding', 'findings', { texts: { text: 'One' } });
  const step = mine.hide('the finding', 'findings', id);
  mine.splice(mine.titleText, 0, 0, 'typed after it');
  if (step) expect(mine.takeBack(step).done).toBe(true);
  expect([mine.rows('findings').length, mine.title]).toEqual([1, 'typed after it']);
  mine.undo();
  expect(mine.title).toBe('');
  if (step) expect(mine.takeBack(step).done).toBe(false);
});

test('whoever comes into the review with an event, an action item or a parked thought leaves with it', () => {
  const person = { id: 'gary', name: 'Gary', title: 'Support' };
  const who = { type: 'person' as const, value: person };
  const finding = mine.add('a finding', 'findings', { texts: { text: 'One' } });
  const adds = [
    () => mine.add('an event', 'timeline', { fields: { actor: who }, texts: { text: 'sees it' } }),
    () => mine.add('something parked', 'parking', { fields: { raised_by: who }, texts: { text: 'Later' } }),
    () => mine.add('an action item', 'actions', { texts: { text: 'Watch' }, owner: person, links: (id) => [[finding, id]] }),
  ];
  for (const add of adds) {
    const id = add();
    expect(mine.rows('participants').map((row) => row.data.name)).toEqual(['Gary']);
    const row = mine.row('timeline', id) ?? mine.row('parking', id) ?? mine.row('actions', id);
    const actor = { type: 'participant', value: mine.rows('participants')[0]?.id };
    expect(row?.data).toMatchObject(row?.kind === 'timeline' ? { actor } : row?.kind === 'parking' ? { raised_by: actor } : { owner: 'gary' });
    expect(mine.undo().done).toBe(true);
    expect(mine.rows('participants')).toHaveLength(0);
    expect([...mine.rows('timeline'), ...mine.rows('parking'), ...mine.rows('actions')]).toHaveLength(0);
  }
  expect(mine.undo()).toMatchObject({ label: 'a finding' });
});

test('naming who did it brings them into the review in the same step', () => {
  const id = mine.add('an event', 'timeline', { texts: { text: 'sees it' } });
  mine.edit('who', 'timeline', id, { actor: { type: 'person', value: { id: 'gary', name: 'Gary', title: '' } } });
  expect(mine.rows('participants')).toHaveLength(1);
  mine.undo();
  expect(mine.row('timeline', id)?.data.actor).toBeNull();
  expect(mine.rows('participants')).toHaveLength(0);
});

test('while a text is written in, undo stops where the next step is not one of that text', () => {
  const id = mine.add('a finding', 'findings', { texts: { text: 'One' } });
  const text = mine.rowText('findings', id, 'text');
  if (text === null) throw new Error('a new finding has a text');
  mine.splice(text, 3, 0, ' and two');
  expect(mine.undo(text)).toMatchObject({ done: true });
  expect(text.toString()).toBe('One');
  expect(mine.undo(text), 'the row itself is no step of its text').toMatchObject({ done: false, outside: true });
  expect(mine.rows('findings'), 'it is still there').toHaveLength(1);
  expect(mine.redo(text), 'what was undone in the text comes back').toMatchObject({ done: true });
  expect(text.toString()).toBe('One and two');
  mine.editHeader('the severity', { severity: 'SEV2' });
  expect(mine.undo(text), 'a later edit elsewhere is not taken back unseen').toMatchObject({ done: false, outside: true });
  expect(mine.header.severity).toBe('SEV2');
  expect(mine.undo(), 'outside of the text it is').toMatchObject({ done: true, label: 'the severity' });
});
