import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import Findings from './Findings.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

const press = (key: string) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

test('events are linked by keyboard one after the other, and the place is kept', async () => {
  const doc = new PostmortemDocument();
  doc.editHeader('the zone', { timezone: 'UTC' });
  for (const day of [10, 11]) doc.add('an event', 'timeline', { fields: { at: { at: `2026-11-${String(day)}T15:00:00Z`, zone: 'UTC', precision: 'exact' } }, texts: { text: `day ${String(day)}` } });
  const finding = doc.add('a finding', 'findings', { texts: { text: 'what was seen' } });
  const open = { id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() };
  Element.prototype.scrollIntoView = () => undefined;
  render(Findings, { props: { onaction: () => undefined }, context: new Map([[POSTMORTEM, new PostmortemContext(open as never)]]) });

  const opener = screen.getByText('What shows it?');
  opener.focus();
  opener.click();
  await tick();
  await tick();
  expect([...document.querySelectorAll('[role="option"] .menu-text')].map((one) => one.textContent)).toEqual(['10 Nov, 15:00  day 10', '11 Nov, 15:00  day 11']);
  press('Enter');
  await tick();
  press('ArrowDown');
  await tick();
  press('Enter');
  await tick();
  expect(doc.row('findings', finding)?.events).toHaveLength(2);
  expect(document.querySelector('[role="listbox"]')).not.toBeNull();

  press('Escape');
  await tick();
  await tick();
  expect(document.querySelector('[role="listbox"]')).toBeNull();
  expect(document.activeElement?.getAttribute('data-ref')).toBe(doc.rows('timeline')[1]?.id);
});

test('a finding is answered by a new action item at once while there is none to choose', async () => {
  const doc = new PostmortemDocument();
  const finding = doc.add('a finding', 'findings', { texts: { text: 'what was seen' } });
  const open = { id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() };
  const onaction = vi.fn();
  render(Findings, { props: { onaction }, context: new Map([[POSTMORTEM, new PostmortemContext(open as never)]]) });
  screen.getByText('Add an action').click();
  await tick();
  expect(document.querySelector('[role="listbox"]'), 'no empty list comes first').toBeNull();
  expect(onaction, 'the new one answers the finding').toHaveBeenCalledWith(finding);
  doc.add('an action item', 'actions', { texts: { text: 'what will be done' } });
  await tick();
  screen.getByText('Add an action').click();
  await tick();
  expect(document.querySelector('[role="option"]'), 'one that is there can be chosen').not.toBeNull();
});
