import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import ActionDetails from './ActionDetails.svelte';
import { PostmortemContext, POSTMORTEM } from './context.svelte';
import MetaRow from './MetaRow.svelte';
import { Reorder } from './reorder.svelte';

const people = ['cathy', 'greg'].map((id) => ({ id, name: id === 'cathy' ? 'Cathy' : 'Greg', short_name: '', handle: '', email: '', role_title: '', left: false }));
vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));
vi.mock('@ui/state/session.svelte', () => ({
  account: () => null,
  session: () => ({ me: people[0], timezone: 'UTC' }),
  directory: () => ({ directory: { people, services: [], settings: { timezone: 'UTC' } }, open_actions: {} }),
  isGuest: () => false,
  loadSession: vi.fn(),
}));

let doc: PostmortemDocument;
let action: string;

beforeEach(() => {
  doc = new PostmortemDocument();
  action = doc.add('an action', 'actions', { texts: { text: 'Watch the host' }, fields: { status: 'open' } });
});

const around = () => new Map([[POSTMORTEM, new PostmortemContext({ id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() } as never)]]);

async function close() {
  document.querySelector<HTMLElement>('[data-field="status"]')?.click();
  await tick();
  [...document.querySelectorAll<HTMLElement>('[role="option"]')].find((one) => one.textContent?.includes('Closed'))?.click();
  await tick();
}

test('a postmortem with open action items is not closed; they are named and linked', async () => {
  render(MetaRow, { context: around() });
  await close();
  expect(doc.header.status, 'it stays as it was').toBe('draft');
  expect(screen.getByText(/Watch the host/).getAttribute('href')).toContain(action);
  screen.getByText('Leave it as it is').click();
  await tick();
  doc.edit('the status', 'actions', action, { status: 'declined' });
  await close();
  expect(doc.header.status, 'nothing is open any more').toBe('closed');
});

test('it is the review owner\u2019s to close; who sits here may become that', async () => {
  doc.edit('the status', 'actions', action, { status: 'done' });
  doc.editHeader('the review owner', { reviewOwner: 'greg' });
  render(MetaRow, { context: around() });
  await close();
  expect(doc.header.status).toBe('draft');
  expect(screen.getByText(/Greg is the review owner/)).toBeTruthy();
  screen.getByText('Make me the review owner').click();
  await tick();
  expect(doc.header.reviewOwner).toBe('cathy');
  screen.getByText('Close the postmortem').click();
  expect(doc.header.status).toBe('closed');
});

test('a look at an action item is noted with who looked', async () => {
  doc.edit('the status', 'actions', action, { status: 'done' });
  const row = doc.row('actions', action);
  if (row === undefined) throw new Error('the row that was added is there');
  const context = around();
  const reorder = new Reorder(context.get(POSTMORTEM) as PostmortemContext, 'actions', () => 'A1');
  render(ActionDetails, { props: { row, name: 'A1', setStatus: () => undefined, reorder, onclose: () => undefined }, context });
  const pick = async (name: string) => {
    screen.getByText(/^Who looked whether/).closest('button')?.click();
    await tick();
    [...document.querySelectorAll<HTMLElement>('[role="option"]')].find((one) => one.textContent?.includes(name))?.click();
    await tick();
  };
  await pick('Greg');
  screen.getByText('It worked').click();
  await tick();
  expect(row.data.verified?.by, 'the person who was chosen').toBe('greg');
  const at = row.data.verified?.at;
  await pick('Cathy');
  expect(row.data.verified, 'another person, the same day').toEqual({ by: 'cathy', at });
});
