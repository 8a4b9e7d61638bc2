import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import Banner from './Banner.svelte';
import { POSTMORTEM } from './context.svelte';

const { call } = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock('@ui/backend', () => ({ backend: { call, onChanged: () => () => undefined }, connected: () => Promise.resolve(), sentence: String }));

const saved = { phase: 'live', save: 'saved', waiting: 0, reason: '', synced: true };
const show = (state: object) => render(Banner, { context: new Map([[POSTMORTEM, { trouble: '', open: { id: 'p', person: '', state: { ...saved, ...state }, retry: () => undefined } }]]) });

beforeEach(() => {
  call.mockReset();
});

test('a postmortem in the trash says so and can be restored from there', async () => {
  call.mockImplementation((name: string) => Promise.resolve(name === 'postmortem_list' ? { rows: [{ id: 'p' }], total: 1 } : {}));
  show({ reason: 'This postmortem is in the trash: take it out before you change anything in it.' });
  await vi.waitFor(() => expect(screen.getByText(/^This postmortem is in the trash\./)).toBeTruthy());
  screen.getByText('Restore').click();
  await vi.waitFor(() => expect(screen.queryByText('Restore'), 'it is out of the trash').toBeNull());
  expect(call).toHaveBeenCalledWith('postmortem_restore', { doc: 'p' });
});

test('what lies in the trash says so at the start', async () => {
  call.mockResolvedValue({ rows: [{ id: 'p' }], total: 1 });
  show({});
  await vi.waitFor(() => expect(screen.getByText(/^This postmortem is in the trash\./)).toBeTruthy());
});

test('it is asked about once and nothing is said while all is well', async () => {
  call.mockResolvedValue({ rows: [], total: 0 });
  show({});
  await Promise.resolve();
  expect(call).toHaveBeenCalledOnce();
  expect(document.querySelector('.banner')).toBeNull();
});

test('a workspace that cannot be written is no trash', async () => {
  call.mockResolvedValue({ rows: [], total: 0 });
  show({ save: 'not_saved', waiting: 2, reason: 'The disk is full.' });
  await vi.waitFor(() => expect(call).toHaveBeenCalled());
  expect(screen.getByText(/The disk is full/)).toBeTruthy();
  expect(screen.queryByText('Restore')).toBeNull();
});
