import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../backend/backend';
import TeamDialog from './TeamDialog.svelte';

const shell = vi.hoisted(() => ({
  teams: vi.fn<() => Promise<unknown>>(),
  openTeam: vi.fn<(link: string, name: string, plain: boolean, moved: boolean, lose: boolean) => Promise<void>>(),
  showTeam: vi.fn<(id: string, lose: boolean) => Promise<void>>(),
}));
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'desktop', ...shell },
  connected: () => Promise.resolve(),
  isAway: () => false,
}));

beforeEach(() => {
  vi.resetAllMocks();
  shell.teams.mockResolvedValue([{ id: 'acme', name: 'Acme', address: 'https://debrief.acme.example' }]);
});

const open = () => fireEvent.submit(screen.getByLabelText('Invitation').closest('form') ?? document.body);
const paste = (words: string) => fireEvent.input(screen.getByLabelText('Invitation'), { target: { value: words } });

test('an invitation is asked for, and a name is not', async () => {
  const onclose = vi.fn();
  shell.openTeam.mockResolvedValue(undefined);
  render(TeamDialog, { onclose });
  await open();
  expect(await screen.findByText(/Paste the invitation/)).toBeTruthy();
  expect(document.activeElement, 'it is where something is missing').toBe(screen.getByLabelText('Invitation'));
  await paste('https://debrief.acme.example/#invitation=0a');
  await open();
  await vi.waitFor(() => expect(onclose, 'one is there').toHaveBeenCalledOnce());
  expect(shell.openTeam.mock.lastCall, 'the invitation may name who comes').toEqual(['https://debrief.acme.example/#invitation=0a', '', false, false, false]);
});

test('what is wrong with an invitation stands below it, and what is wrong with the way below all', async () => {
  render(TeamDialog, { onclose: () => undefined });
  shell.openTeam.mockRejectedValueOnce(new ApiError('refused', 'This invitation was used.', 'link'));
  await paste('https://debrief.acme.example/#invitation=0a');
  await open();
  expect((await screen.findByText('This invitation was used.')).id).toBe(screen.getByLabelText('Invitation').getAttribute('aria-describedby'));
  shell.openTeam.mockRejectedValueOnce(new ApiError('unavailable', 'Nobody answers there.', null));
  await open();
  expect(await screen.findByText('Nobody answers there.')).toBeTruthy();
  expect(screen.queryByText('This invitation was used.')).toBeNull();
});

test('a workspace that is kept here is opened without an invitation', async () => {
  const onclose = vi.fn();
  shell.showTeam.mockRejectedValueOnce(new ApiError('unavailable', 'Its copy cannot be read.', null)).mockResolvedValue(undefined);
  render(TeamDialog, { onclose });
  const acme = await screen.findByRole('button', { name: /Acme/ });
  acme.focus();
  await fireEvent.click(acme);
  expect(await screen.findByText('Its copy cannot be read.')).toBeTruthy();
  expect(onclose).not.toHaveBeenCalled();
  await fireEvent.click(acme);
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(shell.showTeam.mock.lastCall).toEqual(['acme', false]);
});

test('a workspace that this computer knows elsewhere is gone to only after a yes', async () => {
  render(TeamDialog, { onclose: () => undefined });
  shell.openTeam.mockRejectedValueOnce(new ApiError('invalid', 'This computer knows “Acme” elsewhere.', 'moved'));
  await paste('https://evil.example/#invitation=0a');
  await open();
  expect(await screen.findByText(/knows “Acme” elsewhere/)).toBeTruthy();
  await open();
  expect(await screen.findByText(/ask whoever invited you/), 'nobody goes on by pressing twice').toBeTruthy();
  expect(shell.openTeam).toHaveBeenCalledOnce();
  await fireEvent.click(screen.getByRole('checkbox'));
  await open();
  expect(shell.openTeam.mock.lastCall).toEqual(['https://evil.example/#invitation=0a', '', false, true, false]);
});
