import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import Facts from './Facts.svelte';
import Parking from './Parking.svelte';
import { Reorder } from './reorder.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

let doc: PostmortemDocument;
beforeEach(() => {
  doc = new PostmortemDocument();
});

const open = () => ({ id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() }) as never;
const around = () => new Map([[POSTMORTEM, new PostmortemContext(open())]]);
const texts = (kind: 'timeline' | 'impact' | 'parking') => doc.rows(kind).map((row) => row.data.text).join(' ');
const press = (target: Element | null | undefined, key: string) => target?.dispatchEvent(new KeyboardEvent('keydown', { key, altKey: true, bubbles: true, cancelable: true }));

test('an event moves among those of its instant, and anywhere without a time', () => {
  const at = (minute: number) => ({ at: `2026-11-10T15:${String(minute)}:00Z`, zone: 'UTC', precision: 'exact' as const });
  const add = (text: string, minute: number | null) => doc.add('an event', 'timeline', { fields: minute === null ? {} : { at: at(minute) }, texts: { text } });
  const ids = { a: add('a', 10), b: add('b', 20), c: add('c', 20), n: add('n', null), d: add('d', 30) };
  expect(texts('timeline'), 'an event without a time stands where it was put').toBe('a b c n d');
  expect(doc.moveEvent('the place', ids.c, 1)).toBe(true);
  expect(texts('timeline'), 'of one instant').toMatch(/^a c b/);
  expect(doc.moveEvent('the place', ids.d, 0), 'a later one cannot come first').toBe(false);
  for (const to of [0, 2, 4, 1, 3]) {
    expect(doc.moveEvent('the place', ids.n, to)).toBe(true);
    expect(doc.rows('timeline').findIndex((row) => row.id === ids.n), 'without a time it goes anywhere').toBe(to);
  }
});

test('parked items and figures move by the same keys as findings, and the focus stays', async () => {
  for (const text of ['one', 'two', 'three']) {
    doc.add('parked', 'parking', { texts: { text } });
    doc.add('an impact fact', 'impact', { texts: { text }, fields: { value: text } });
  }
  render(Parking, { context: around() });
  const button = document.querySelectorAll<HTMLElement>('.park [data-keeps-focus]')[2];
  button?.focus();
  press(button, 'ArrowUp');
  await tick();
  expect(texts('parking')).toBe('one three two');
  expect(document.activeElement).toBe(button);
  render(Facts, { context: around() });
  press(document.querySelector('.fact'), 'ArrowDown');
  await tick();
  expect(texts('impact')).toBe('two one three');
});

test('a row is dragged to its place; a file over it is none of its business', () => {
  const ids = ['one', 'two', 'three'].map((text) => doc.add('parked', 'parking', { texts: { text } }));
  const reorder = new Reorder(new PostmortemContext(open()), 'parking', () => 'It');
  const event = (clientY: number) => {
    const made = new MouseEvent('dragover', { clientY, cancelable: true });
    const currentTarget = { getBoundingClientRect: () => ({ top: 0, height: 40, left: 0, width: 40 }) };
    return Object.defineProperty(made, 'currentTarget', { value: currentTarget }) as never as DragEvent & { currentTarget: HTMLElement };
  };
  const file = event(5);
  reorder.over(file, 0);
  expect(file.defaultPrevented, 'nothing of ours is dragged').toBe(false);
  reorder.handle(ids[0] ?? '', 'one').ondragstart(event(0));
  reorder.over(event(35), 2);
  expect(reorder.mark(2)).toBe('is-dropping-below');
  reorder.drop(event(35));
  expect(texts('parking')).toBe('two three one');
});

test('who raised something is changed where it stands', async () => {
  doc.add('parked', 'parking', { texts: { text: 'one' }, fields: { raised_by: { type: 'role', value: 'Support' } } });
  render(Parking, { context: around() });
  screen.getByText('Support').closest('button')?.click();
  await tick();
  const field = screen.getByLabelText<HTMLInputElement>('Who raised it');
  field.value = 'Bill';
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await tick();
  await tick();
  expect(doc.rows('parking')[0]?.data.raised_by).toEqual({ type: 'role', value: 'Bill' });
  expect(document.activeElement?.getAttribute('data-field'), 'the keys go on where it stands').toBe('raised_by');
});

test('an undone move leaves the focus where it was', async () => {
  for (const text of ['one', 'two', 'three']) doc.add('parked', 'parking', { texts: { text } });
  const context = new PostmortemContext(open());
  render(Parking, { context: new Map([[POSTMORTEM, context]]) });
  const button = document.querySelectorAll<HTMLElement>('.park [data-keeps-focus]')[2];
  button?.focus();
  press(button, 'ArrowUp');
  await tick();
  // The browser takes the focus from what is moved within the page; the document of these tests does not by itself.
  const insertBefore = Node.prototype.insertBefore;
  const moving = vi.spyOn(Node.prototype, 'insertBefore').mockImplementation(function <N extends Node>(this: Node, node: N, child: Node | null) {
    if (node.isConnected && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return insertBefore.call(this, node, child) as N;
  });
  context.undo();
  await tick();
  await tick();
  moving.mockRestore();
  expect(texts('parking'), 'the move is undone').toBe('one two three');
  expect(document.activeElement, 'the keys go on in the row').toBe(button);
});
