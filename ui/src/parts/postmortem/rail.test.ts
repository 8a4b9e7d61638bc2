import type { Check, Derived, Target } from '@bindings';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import Rail from './Rail.svelte';

vi.mock('@ui/backend', () => ({ backend: {}, connected: () => Promise.resolve(), sentence: String }));

function show(checks: Check[], doc = new PostmortemDocument(), phases: Derived['phases'] = []) {
  const open = { id: 'p', document: doc, presence: { people: [] }, occupied: new Set() };
  const context = new PostmortemContext(open as never);
  context.derived = { checks, phases } as unknown as Derived;
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

test('events that were written before the key times get their phase by time, in one step', async () => {
  const doc = new PostmortemDocument();
  const at = (minute: number) => ({ at: `2026-11-10T15:${String(minute)}:00Z`, zone: 'UTC', precision: 'exact' as const });
  const add = (minute: number | null, phase: 'readiness' | null = null) => doc.add('an event', 'timeline', { fields: { at: minute === null ? null : at(minute), phase } });
  const ids = { early: add(12), late: add(25), after: add(55), none: add(null), own: add(26, 'readiness') };
  const span = (phase: 'detection' | 'response', from: number, to: number) => ({ phase, from: at(from).at, to: at(to).at, seconds: (to - from) * 60, about: false });
  const phases = () => [ids.early, ids.late, ids.after, ids.none, ids.own].map((id) => doc.row('timeline', id)?.data.phase);
  show([{ id: 'event_phase', text: '4 timeline events have no phase', ok: false, note: false, targets: [target(1)] }], doc, [span('detection', 10, 20), span('response', 20, 30)] as never);
  screen.getByText('Set phases by time').click();
  await tick();
  await tick();
  expect(phases(), 'only what has no phase and a time within the incident').toEqual(['detection', 'response', null, null, 'readiness']);
  expect(screen.queryByText('Set phases by time'), 'there is nothing left to set').toBeNull();
  expect(document.activeElement, 'the keys go on at the check').toBe(screen.getByText('A1'));
  doc.undo();
  expect(phases(), 'one undo takes all of it back').toEqual([null, null, null, null, 'readiness']);
});

test('the phases are not offered by time while no time says which', () => {
  const doc = new PostmortemDocument();
  doc.add('an event', 'timeline', {});
  show([{ id: 'event_phase', text: '1 timeline event has no phase', ok: false, note: false, targets: [] }], doc);
  expect(screen.queryByText('Set phases by time')).toBeNull();
});
