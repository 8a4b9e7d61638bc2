import { fireEvent, render, screen } from '@testing-library/svelte';
import type { AccountRole, PostmortemAccessView, Session } from '@bindings';
import { beforeEach, expect, test, vi } from 'vitest';
import { setSession } from '../../state/session.svelte';
import AccessDialog from './AccessDialog.svelte';

const call = vi.hoisted(() => vi.fn<(name: string, request: unknown) => Promise<unknown>>());
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'browser', call, onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  isAway: () => false,
}));

function signedIn(role: AccountRole): void {
  const session: Session = {
    version: '1', shell: 'browser', me: null, workspace: 'w', timezone: 'UTC', now: '2026-11-26T00:00:00Z', first_run: false, room: null,
    account: { id: 'me', role },
  };
  setSession(session);
}

function answers(view: PostmortemAccessView, owners: readonly [string, string][] = []): void {
  call.mockImplementation((name) => {
    if (name === 'postmortem_access' || name === 'postmortem_access_set') return Promise.resolve(view);
    if (name === 'postmortem_open_actions') return Promise.resolve({ actions: owners.map(([owner, owner_name]) => ({ owner, owner_name })) });
    return Promise.reject(new Error(name));
  });
}

const people = [
  { account: 'a', person: 'ann', name: 'Ann', admitted: false },
  { account: 'me', person: 'zoe', name: 'Zoe', admitted: false },
];

beforeEach(() => vi.clearAllMocks());

test('whoever restricts a postmortem stays among those who see it', async () => {
  signedIn('facilitator');
  answers({ restricted: false, people });
  const onclose = vi.fn();
  render(AccessDialog, { doc: 'd1', onclose });
  await fireEvent.click(await screen.findByRole('radio', { name: /Only people named here/ }));
  const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
  expect(boxes.map((box) => [box.checked, box.disabled]), 'one’s own comes first and stays').toEqual([[true, true], [false, false]]);
  expect(screen.getByText('1 person sees it')).toBeTruthy();
  await fireEvent.click(screen.getByRole('checkbox', { name: /Ann/ }));
  await fireEvent.submit(document.querySelector('form') ?? document.body);
  expect(call.mock.lastCall).toEqual(['postmortem_access_set', { doc: 'd1', restricted: true, accounts: ['me', 'a'] }]);
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce());
});

test('it is said who would lose sight of their action items, before it happens', async () => {
  signedIn('facilitator');
  answers({ restricted: false, people }, [['ann', 'Ann'], ['ben', 'Ben'], ['zoe', 'Zoe'], ['ann', 'Ann']]);
  render(AccessDialog, { doc: 'd1', onclose: () => undefined });
  await screen.findByRole('radio', { name: /Only people named here/ });
  expect(screen.queryByText(/own/), 'everybody sees them').toBeNull();
  await fireEvent.click(screen.getByRole('radio', { name: /Only people named here/ }));
  expect(screen.getByText('2 people who own open action items of it will neither see them nor be reminded of them: Ann (2), Ben (1).')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Name those with an account' }));
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Ann/ }).checked).toBe(true);
  expect(screen.getByText('1 person who owns open action items of it will neither see them nor be reminded of them: Ben (1).'), 'Ben has no account, and nobody reminds him').toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Name / })).toBeNull();
});

test('whoever may not change it is told who sees it', async () => {
  signedIn('member');
  answers({ restricted: true, people: people.map((one) => ({ ...one, admitted: true })) });
  render(AccessDialog, { doc: 'd1', onclose: () => undefined });
  expect(await screen.findByText(/Only 2 people/)).toBeTruthy();
  expect(screen.queryAllByRole('checkbox')).toEqual([]);
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});
