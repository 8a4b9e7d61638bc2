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
async function items() {
  const doc = new PostmortemDocument();
  const [first] = ['Move the runbook', 'Watch the login page'].map((text) => doc.add('an action item', 'actions', { texts: { text } }));
  const meeting = new Meeting('p', { call: () => Promise.resolve({ meeting: { revision: 1, right: 'editor', ended_at: null, stages: [], now: '2026-11-10T16:00:00Z' } } as never) });
  await meeting.load();
  const presence = { at: () => undefined, typed: () => undefined, sent: () => undefined, people: [] };
  const postmortem = new PostmortemContext({ id: 'p', document: doc, presence, occupied: new Map() } as never);
  const review = new ReviewContext(meeting, postmortem);
  render(Acts, { context: new Map<symbol, unknown>([[REVIEW, review], [POSTMORTEM, postmortem]]) });
  screen.getByRole('button', { name: /Not doing it/ }).click();
  await vi.waitFor(() => expect(rowOf(reason()), 'the first without an owner is asked about').toBe(`meet-${first ?? ''}`));
  reason().value = 'the contract runs on';
  reason().dispatchEvent(new InputEvent('input', { bubbles: true }));
  await tick();
  return { doc, first: first ?? '' };
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
