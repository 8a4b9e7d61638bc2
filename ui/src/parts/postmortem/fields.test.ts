import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { anythingUnsaved, unsaved } from '@ui/state/unsaved.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import EventDetails from './EventDetails.svelte';
import Facts from './Facts.svelte';

const { call } = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock('@ui/backend', () => ({
  backend: { call, blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

let doc: PostmortemDocument;
/** How many keep the document open beside its screen. */
let holders = 0;
const hold = () => {
  holders++;
  return () => holders--;
};
/** Lets answers of the backend arrive. */
const answered = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  doc = new PostmortemDocument();
  call.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
});

const around = () => new Map([[POSTMORTEM, new PostmortemContext({ id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set(), hold } as never)]]);
const type = (field: HTMLElement, words: string) => {
  field.focus();
  (field as HTMLInputElement).value = words;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
};
const details = () => {
  const id = doc.add('an event', 'timeline', { texts: { text: 'it stops' } });
  const row = doc.row('timeline', id);
  if (row === undefined) throw new Error('the row that was added is there');
  return { row, ...render(EventDetails, { props: { row, reference: null, onclose: () => undefined }, context: around() }) };
};

test('what is typed is in the document a moment later, as one step of undo, and not called saved before', async () => {
  const { row } = details();
  const source = screen.getByLabelText('Known from');
  type(source, 'a lo');
  expect(unsaved(), 'half of it is not saved').toBe(1);
  vi.advanceTimersByTime(500);
  expect(row.data.source, 'a pause is enough').toBe('a lo');
  expect(unsaved(), 'now it is').toBe(0);
  type(source, 'a log ');
  vi.advanceTimersByTime(500);
  await tick();
  expect(row.data.source).toBe('a log');
  expect((source as HTMLInputElement).value, 'a blank at the end stays while it is written').toBe('a log ');
  doc.undo();
  expect(row.data.source, 'one visit is one step').toBe('');
  await tick();
  expect((source as HTMLInputElement).value, 'the field follows').toBe('');
});

test('what is typed is taken when the field goes', async () => {
  const { row, unmount } = details();
  type(screen.getByLabelText('Known from'), 'a log');
  unmount();
  expect(row.data.source).toBe('a log');
  await tick();
  expect(unsaved()).toBe(0);
});

test('half a name is nobody: who it was waits until the field is left', () => {
  const { row } = details();
  const who = screen.getByLabelText('Who');
  type(who, 'Gre');
  vi.advanceTimersByTime(5000);
  expect(row.data.actor, 'not yet').toBeNull();
  expect(unsaved(), 'and it is said').toBe(1);
  type(who, 'Greg');
  who.blur();
  expect(row.data.actor).toEqual({ type: 'role', value: 'Greg' });
  expect(unsaved()).toBe(0);
});

test('a press beside a figure keeps what is typed into it', async () => {
  const id = doc.add('an impact fact', 'impact', { texts: { text: 'support requests' } });
  render(Facts, { context: around() });
  screen.getByText('–').click();
  await tick();
  type(screen.getByLabelText('Value'), '50');
  document.body.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }));
  await tick();
  expect(screen.queryByLabelText('Value'), 'it closes').toBeNull();
  expect(doc.row('impact', id)?.data.value).toBe('50');
});

test('a new figure of which nothing is said goes again', async () => {
  render(Facts, { context: around() });
  screen.getByText('Add an impact fact').click();
  await tick();
  await tick();
  screen.getByLabelText('Value').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  await answered();
  expect(doc.rows('impact')).toHaveLength(0);
  expect(doc.canUndo, 'there is nothing to take back').toBe(false);
  await tick();
  expect(document.activeElement?.id).toBe('add-impact');

  screen.getByText('Add an impact fact').click();
  await tick();
  await tick();
  type(screen.getByLabelText('Value'), '10');
  screen.getByText('Done').click();
  await tick();
  await tick();
  expect(doc.rows('impact').map((row) => row.data.value)).toEqual(['10']);
});

test('a figure that somebody else deletes while it is written into closes', async () => {
  const id = doc.add('an impact fact', 'impact', { texts: { text: 'support requests' } });
  render(Facts, { context: around() });
  screen.getByText('–').click();
  await tick();
  type(screen.getByLabelText('Value'), '50');
  doc.hide('an impact fact', 'impact', id);
  await tick();
  expect(screen.queryByLabelText('Value')).toBeNull();
  expect(unsaved()).toBe(0);
});

const MOMENT = { type: 'moment', at: '2026-11-20T16:20:00Z', zone: 'UTC', precision: 'exact' };

test('a new figure of which only the time was said stays', async () => {
  let answer: (read: unknown) => void = () => undefined;
  call.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  render(Facts, { context: around() });
  screen.getByText('Add an impact fact').click();
  await tick();
  await tick();
  const time = screen.getByLabelText('When it was so');
  type(time, '16:20');
  time.blur();
  screen.getByText('Done').click();
  await answered();
  expect(doc.rows('impact'), 'nobody knows yet what was typed').toHaveLength(1);
  answer(MOMENT);
  await answered();
  expect(doc.rows('impact').map((row) => row.data.at?.at), 'it was a time').toEqual([MOMENT.at]);
});

test('a time is taken when its field goes, and the document stays open until it is known', async () => {
  let answer: (read: unknown) => void = () => undefined;
  call.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const { row, unmount } = details();
  type(screen.getByLabelText('When'), '16:20');
  await answered();
  unmount();
  await answered();
  expect(holders, 'it is kept open').toBeGreaterThan(0);
  expect(unsaved(), 'it is not saved yet').toBe(1);
  answer(MOMENT);
  await answered();
  expect(row.data.at?.at).toBe(MOMENT.at);
  expect(holders).toBe(0);
  expect(unsaved()).toBe(0);
});

test('a time that a clock showed twice waits for the person and is not called an edit on its way', async () => {
  call.mockResolvedValue({ type: 'ambiguous', question: 'Which one?', choices: [{ at: '2026-10-25T00:30:00Z', zone: 'Europe/Berlin', label: 'The first' }] });
  const { row } = details();
  const time = screen.getByLabelText('When');
  type(time, '02:30');
  time.blur();
  await answered();
  expect(unsaved(), 'nothing is on its way').toBe(0);
  expect(anythingUnsaved(), 'but closing asks').toBe(true);
  screen.getByText('The first').click();
  await answered();
  expect(row.data.at?.at).toBe('2026-10-25T00:30:00Z');
  expect(anythingUnsaved()).toBe(false);
});
