import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { unsaved } from '@ui/state/unsaved.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import EventDetails from './EventDetails.svelte';
import Facts from './Facts.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

let doc: PostmortemDocument;

beforeEach(() => {
  vi.useFakeTimers();
  doc = new PostmortemDocument();
});
afterEach(() => {
  vi.useRealTimers();
});

const around = () => new Map([[POSTMORTEM, new PostmortemContext({ id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() } as never)]]);
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
  const id = doc.add('a figure', 'impact', { texts: { text: 'support requests' } });
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
  screen.getByText('Add a figure').click();
  await tick();
  await tick();
  screen.getByLabelText('Value').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  await tick();
  await tick();
  expect(doc.rows('impact')).toHaveLength(0);
  expect(doc.canUndo, 'there is nothing to take back').toBe(false);
  await tick();
  expect(document.activeElement?.id).toBe('add-impact');

  screen.getByText('Add a figure').click();
  await tick();
  await tick();
  type(screen.getByLabelText('Value'), '10');
  screen.getByText('Done').click();
  await tick();
  await tick();
  expect(doc.rows('impact').map((row) => row.data.value)).toEqual(['10']);
});

test('a figure that somebody else deletes while it is written into closes', async () => {
  const id = doc.add('a figure', 'impact', { texts: { text: 'support requests' } });
  render(Facts, { context: around() });
  screen.getByText('–').click();
  await tick();
  type(screen.getByLabelText('Value'), '50');
  doc.hide('a figure', 'impact', id);
  await tick();
  expect(screen.queryByLabelText('Value')).toBeNull();
  expect(unsaved()).toBe(0);
});
