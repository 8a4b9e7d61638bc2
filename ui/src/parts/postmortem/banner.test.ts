import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import Banner from './Banner.svelte';
import { PostmortemContext, POSTMORTEM } from './context.svelte';

const { call } = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock('@ui/backend', () => ({ backend: { call, onChanged: () => () => undefined }, connected: () => Promise.resolve(), sentence: String }));

const saved = { phase: 'live', save: 'saved', waiting: 0, reason: '', synced: true };
function show(state: object): PostmortemContext {
  const context = new PostmortemContext({ id: 'p', person: '', document: new PostmortemDocument(), state: { ...saved, ...state }, retry: () => undefined } as never);
  render(Banner, { context: new Map([[POSTMORTEM, context]]) });
  return context;
}

beforeEach(() => {
  call.mockReset();
});

test('a postmortem in the trash says so and can be restored from there', async () => {
  let trashed = true;
  call.mockImplementation((name: string) => {
    if (name === 'postmortem_restore') trashed = false;
    return Promise.resolve(name === 'postmortem_derived' ? { trashed } : {});
  });
  show({ reason: 'This postmortem is in the trash: take it out before you change anything in it.' });
  await vi.waitFor(() => expect(screen.getByText(/^This postmortem is in the trash\./)).toBeTruthy());
  screen.getByText('Restore').click();
  await vi.waitFor(() => expect(screen.queryByText('Restore'), 'it is out of the trash').toBeNull());
  expect(call).toHaveBeenCalledWith('postmortem_restore', { doc: 'p' });
});

test('what lies in the trash says so at the start, by what the page asks anyway', async () => {
  call.mockResolvedValue({ trashed: true });
  const context = show({});
  expect(call, 'nothing is asked for this alone').not.toHaveBeenCalled();
  await context.loadDerived();
  await vi.waitFor(() => expect(screen.getByText(/^This postmortem is in the trash\./)).toBeTruthy());
});

test('nothing is said while all is well', async () => {
  call.mockResolvedValue({ trashed: false });
  await show({}).loadDerived();
  expect(document.querySelector('.banner')).toBeNull();
});

test('a workspace that cannot be written is no trash', async () => {
  call.mockResolvedValue({ trashed: false });
  show({ save: 'not_saved', waiting: 2, reason: 'The disk is full.' });
  await vi.waitFor(() => expect(call).toHaveBeenCalled());
  expect(screen.getByText(/The disk is full/)).toBeTruthy();
  expect(screen.queryByText('Restore')).toBeNull();
});
