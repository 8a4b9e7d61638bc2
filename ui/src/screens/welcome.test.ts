import { render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { closeDialog, currentDialog } from '../state/dialogs.svelte';
import Welcome from './Welcome.svelte';

const shell = vi.hoisted(() => ({ backend: {} as Record<string, unknown> }));
vi.mock('../backend', () => ({
  backend: shell.backend, connected: () => Promise.resolve(), isAway: () => false, isOpenable: () => false, sentence: (error: unknown) => String(error),
}));

const answers: Record<string, unknown> = { directory: { directory: { people: [], services: [], trackers: [], settings: { timezone: 'UTC' } }, open_actions: {} } };
const desktop = { shell: 'desktop', call: (name: string) => Promise.resolve(answers[name] ?? {}), onChanged: () => () => undefined, joinRoom: () => Promise.resolve(), openTeam: () => Promise.resolve() };

test('a team’s workspace is opened without a word about oneself, in the desktop app alone', () => {
  Object.assign(shell.backend, desktop);
  const { unmount } = render(Welcome);
  screen.getByRole('button', { name: 'Open a team’s workspace…' }).click();
  expect(currentDialog()?.name).toBe('team');
  closeDialog();
  unmount();
  delete shell.backend.openTeam;
  render(Welcome);
  expect(screen.queryByRole('button', { name: /team/ })).toBeNull();
});
