import type { Check, Derived, Target } from '@bindings';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import Rail from './Rail.svelte';

vi.mock('@ui/backend', () => ({ backend: {}, connected: () => Promise.resolve(), sentence: String }));

function show(checks: Check[]) {
  const open = { id: 'p', document: new PostmortemDocument(), presence: { people: [] }, occupied: new Set() };
  const context = new PostmortemContext(open as never);
  context.derived = { checks } as unknown as Derived;
  render(Rail, { props: { here: '' }, context: new Map([[POSTMORTEM, context]]) });
}

const target = (i: number): Target => ({ kind: 'actions', id: String(i), field: '', label: `A${String(i)}` });
const check = (text: string, targets: Target[]): Check => ({ id: 'contradiction', text, ok: false, note: false, targets });

test('several checks of one kind are all shown', () => {
  show([check('It ends before it starts.', []), check('It was known before it began.', [])]);
  expect(screen.getAllByText(/^It /), 'both contradictions stand there').toHaveLength(2);
});

test('every place of a check can be reached', async () => {
  show([check('12 action items have no owner', Array.from({ length: 12 }, (_, i) => target(i + 1)))]);
  expect(screen.queryByText('A9'), 'the first eight are enough at first').toBeNull();
  screen.getByText('and 4 more').click();
  await tick();
  await tick();
  expect(screen.getByText('A12'), 'the last is there').toBeTruthy();
  expect(document.activeElement, 'the keys go on where the list went on').toBe(screen.getByText('A9'));
});
