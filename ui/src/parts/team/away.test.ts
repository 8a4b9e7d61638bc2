import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ReplicaState } from '@bindings';
import { beforeEach, expect, test, vi } from 'vitest';
import { loadTeam } from '../../state/team.svelte';
import AwayDialog from './AwayDialog.svelte';

const call = vi.hoisted(() => vi.fn<(name: string, request: unknown) => Promise<unknown>>());
const copy = vi.hoisted(() => vi.fn<(text: string) => Promise<void>>());
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'desktop', call, copy, onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  isAway: () => false,
}));

const state: ReplicaState = {
  name: 'Acme', address: 'https://debrief.acme.example', link: 'connected', met_at: null, reason: '', waiting: 0, waiting_images: 0, withdrawn: [],
  refused: [{ doc: 'd1', title: 'Login outage', reason: 'Your account has the role viewer; this needs the role member.', at: '2026-11-26T00:00:00Z', edits: 2 }],
};

beforeEach(async () => {
  vi.resetAllMocks();
  Element.prototype.scrollIntoView = () => undefined;
  call.mockImplementation((name) => {
    if (name === 'replica_state') return Promise.resolve({ state });
    if (name === 'export') return Promise.resolve({ text: '# Login outage' });
    return name === 'replica_let_go' ? Promise.resolve({}) : Promise.reject(new Error(name));
  });
  copy.mockResolvedValue(undefined);
  await loadTeam();
});

test('what is not taken says why, and its words can be taken along', async () => {
  render(AwayDialog, { onclose: () => undefined });
  expect(await screen.findByText(/this needs the role member/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Open it' }).getAttribute('href')).toBe('#/p/d1');
  await fireEvent.click(screen.getByRole('button', { name: 'Copy as Markdown' }));
  expect(await screen.findByText(/on the clipboard/)).toBeTruthy();
  expect(copy.mock.lastCall, 'all of it').toEqual(['# Login outage']);
});

test('it is let go only by whoever says so twice', async () => {
  render(AwayDialog, { onclose: () => undefined });
  const gone = () => call.mock.calls.filter(([name]) => name === 'replica_let_go');
  await fireEvent.click(await screen.findByRole('button', { name: 'Let them go…' }));
  expect(await screen.findByText(/nobody has these edits/)).toBeTruthy();
  expect(gone(), 'nothing has happened yet').toHaveLength(0);
  await fireEvent.click(screen.getByRole('button', { name: 'Let them go for good' }));
  expect(await screen.findByText(/is let go/)).toBeTruthy();
  expect(gone(), 'once').toEqual([['replica_let_go', { doc: 'd1' }]]);
});
