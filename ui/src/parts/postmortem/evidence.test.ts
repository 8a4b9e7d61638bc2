import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { unsaved } from '@ui/state/unsaved.svelte';

import ActionRow from './ActionRow.svelte';
import { PostmortemContext, POSTMORTEM } from './context.svelte';
import { Reorder } from './reorder.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: () => new Promise(() => undefined), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  isOpenable: () => false,
  sentence: String,
}));

let doc: PostmortemDocument;
let id: string;

beforeEach(() => {
  doc = new PostmortemDocument();
  id = doc.add('an action item', 'actions', { texts: { text: 'Renew certificates earlier' }, fields: { due: '2026-12-01' } });
  doc.editHeader('the status', { status: 'follow_up' });
  const context = new PostmortemContext({ id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set(), hold: () => () => undefined } as never);
  const reorder = new Reorder(context, 'actions', () => 'The action item');
  const row = doc.row('actions', id);
  if (row === undefined) throw new Error('the row that was added is there');
  render(ActionRow, { props: { row, index: 0, policy: 30, open: false, reorder, ontoggle: () => undefined }, context: new Map([[POSTMORTEM, context]]) });
});

const data = () => {
  const row = doc.row('actions', id);
  if (row === undefined) throw new Error('nobody takes it away');
  return row.data;
};
const asks = () => screen.queryByLabelText<HTMLInputElement>('What shows that it is done: Renew certificates earlier');
const type = (field: HTMLInputElement, words: string) => {
  field.focus();
  field.value = words;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
};

async function tickOff(): Promise<void> {
  screen.getByRole('checkbox', { name: 'Done: Renew certificates earlier' }).click();
  await tick();
}

test('ticking off asks what shows it, and what is given is in the document', async () => {
  expect(asks(), 'nothing is asked before').toBeNull();
  await tickOff();
  const field = asks();
  if (field === null) throw new Error('it is asked for');
  type(field, 'OPS-7 fired in the drill');
  await tick();
  expect(unsaved(), 'what was typed is not called saved before it was given').toBe(1);
  field.form?.requestSubmit();
  await vi.waitFor(() => expect(asks(), 'nothing more is asked').toBeNull());
  expect(unsaved(), 'now it is').toBe(0);
  expect([data().status, data().evidence]).toEqual(['done', 'OPS-7 fired in the drill']);
  await vi.waitFor(() => expect(document.activeElement, 'the keys return to the row').toBe(screen.getByRole('checkbox', { name: /^Done: / })));
});

test('it can be left out, which everybody sees', async () => {
  await tickOff();
  screen.getByRole('button', { name: 'Skip' }).click();
  await vi.waitFor(() => expect(screen.getByText('Done without evidence')).toBeTruthy());
  expect(data().evidence_skipped).toBe(true);
  expect(asks()).toBeNull();
});

test('opened again, nothing is asked', async () => {
  await tickOff();
  await tickOff();
  expect(data().status).toBe('open');
  expect(asks()).toBeNull();
});

test('a day that moves after the review asks why, as in the list', async () => {
  screen.getByRole('button', { name: /Due date of/ }).click();
  await tick();
  type(screen.getByRole('textbox', { name: 'Due', hidden: true }), '2026-12-15');
  (screen.getByRole<HTMLInputElement>('textbox', { name: 'Due', hidden: true })).form?.requestSubmit();
  const why = await vi.waitFor(() => screen.getByLabelText<HTMLInputElement>('Why does it move to Tuesday, 15 Dec 2026?'));
  expect(data().due, 'it has not moved yet').toBe('2026-12-01');
  why.form?.requestSubmit();
  expect(await screen.findByText(/Say why/), 'not without a reason').toBeTruthy();
  type(why, 'The supplier is late');
  why.form?.requestSubmit();
  await vi.waitFor(() => expect(data().due).toBe('2026-12-15'));
  expect(data().moves.map((move) => [move.from, move.to, move.reason])).toEqual([['2026-12-01', '2026-12-15', 'The supplier is late']]);
});
