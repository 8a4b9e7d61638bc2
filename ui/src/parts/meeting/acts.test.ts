import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { POSTMORTEM, PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { Meeting } from '@ui/state/meeting.svelte';

import Acts from './Acts.svelte';
import { REVIEW, ReviewContext } from './context.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(() => Promise.resolve({ hints: [] })), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

vi.mock('svelte/reactivity/window', () => ({ innerWidth: { current: 1280 }, innerHeight: { current: 800 } }));

// Nothing is laid out here.
Element.prototype.scrollIntoView = () => undefined;

const rowOf = (element: Element) => element.closest('li')?.id;
const reason = () => screen.getByLabelText<HTMLInputElement>('Not doing it, because');

/** Two action items without an owner, as they are handed out. */
async function shown() {
  const doc = new PostmortemDocument();
  for (const name of ['Zoe', 'Adam']) doc.join({ id: name.toLowerCase(), name, title: '' });
  const [first, second] = ['Move the runbook', 'Watch the login page'].map((text) => doc.add('an action item', 'actions', { texts: { text } }));
  const meeting = new Meeting('p', { call: () => Promise.resolve({ meeting: { revision: 1, right: 'editor', ended_at: null, stages: [], now: '2026-11-10T16:00:00Z' } } as never) });
  await meeting.load();
  const presence = { at: () => undefined, typed: () => undefined, sent: () => undefined, people: [] };
  const postmortem = new PostmortemContext({ id: 'p', document: doc, presence, occupied: new Map() } as never);
  const review = new ReviewContext(meeting, postmortem);
  render(Acts, { context: new Map<symbol, unknown>([[REVIEW, review], [POSTMORTEM, postmortem]]) });
  await tick();
  return { doc, review, first: first ?? '', second: second ?? '' };
}

/** The same, with a reason begun for the first. */
async function items() {
  const { doc, first } = await shown();
  screen.getByRole('button', { name: /Not doing it/ }).click();
  await vi.waitFor(() => expect(rowOf(reason()), 'the first without an owner is asked about').toBe(`meet-${first}`));
  reason().value = 'the contract runs on';
  reason().dispatchEvent(new InputEvent('input', { bubbles: true }));
  await tick();
  return { doc, first };
}

test('a reason stays with the item that it was begun for when somebody else gives that an owner', async () => {
  const { doc, first } = await items();
  doc.assign('the owner', first, 'owner', { id: 'greg', name: 'Greg', title: '' });
  await tick();
  expect(rowOf(reason()), 'the other item has no owner, and is not the one that is declined').toBe(`meet-${first}`);
  expect(reason().value).toBe('the contract runs on');
});

test('a reason is not taken for another item when its own goes', async () => {
  const { doc, first } = await items();
  doc.edit('its status', 'actions', first, { status: 'declined' });
  await tick();
  expect(screen.queryByLabelText('Not doing it, because'), 'nothing is declined by a slip').toBeNull();
});

/** The item whose choices are open. */
const marked = () => document.querySelector('li.is-open')?.id;

test('the item that was added last is the one that the keys act on, also after it got its owner', async () => {
  const { doc, review, first } = await shown();
  expect(marked(), 'the first without an owner is asked about').toBe(`meet-${first}`);
  const added = doc.add('an action item', 'actions', { texts: { text: 'Rehearse it' } });
  review.wrote(added);
  await tick();
  expect(marked(), 'it was just added').toBe(`meet-${added}`);
  review.numbered?.(2);
  await tick();
  expect(doc.row('actions', added)?.data.owner, 'the number gives it an owner').toBe('adam');
  expect(doc.row('actions', first)?.data.owner, 'nobody was asked about the first').toBeNull();
  expect(marked(), 'its date and its priority come next').toBe(`meet-${added}`);
});

test('a number means the same person however many items they have', async () => {
  const { doc, review, first, second } = await shown();
  const names = () => review.candidates.map((one) => one.name);
  expect(names(), 'they stand as the participants do').toEqual(['Zoe', 'Adam']);
  for (const item of [first, second]) doc.assign('the owner', item, 'owner', { id: 'zoe', name: 'Zoe', title: '' });
  expect(names(), 'who has two items keeps the place').toEqual(['Zoe', 'Adam']);
});

test('whoever becomes the owner helps no longer, in one step', async () => {
  const { doc, review, first } = await shown();
  doc.assign('a helper', first, 'helper', { id: 'zoe', name: 'Zoe', title: '' });
  review.numbered?.(1);
  expect(doc.row('actions', first)?.data.owner, 'the number gave it an owner').toBe('zoe');
  expect(doc.row('actions', first)?.helpers, 'nobody helps themselves').toEqual([]);
  doc.undo();
  expect(doc.row('actions', first)?.data.owner, 'the owner is taken back').toBeNull();
  expect(doc.row('actions', first)?.helpers, 'and the helper is one again').toEqual(['zoe']);
});
