import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerGlobalCommands } from './global';
import { fromMenu } from './menu';
import Workspace from './parts/settings/Workspace.svelte';
import { closeDialog, currentDialog } from './state/dialogs.svelte';
import { setUnsavedWork } from './state/unsaved.svelte';

const switched = vi.hoisted(() => vi.fn<(named: boolean, lose: boolean) => Promise<boolean>>());
vi.mock('./backend', () => ({
  backend: {
    shell: 'desktop', switchWorkspace: switched, onChanged: () => () => undefined,
    call: () => Promise.resolve({ path: '/w.debrief', bytes: 1, postmortems: 0, open_actions: 0, people: 0, trashed: 0 }),
  },
  connected: () => Promise.resolve(), isAway: () => false, sentence: String,
}));

const work = {};
registerGlobalCommands();

beforeEach(() => {
  switched.mockReset();
  switched.mockResolvedValue(false);
});
afterEach(() => {
  setUnsavedWork(work, null);
  closeDialog();
});

async function asked(): Promise<(go: boolean) => void> {
  return vi.waitFor(() => {
    const dialog = currentDialog();
    if (dialog?.name !== 'unsaved') throw new Error('nothing was asked');
    return dialog.props.answer;
  });
}

test('every way to another workspace asks first when something is not saved', async () => {
  render(Workspace);
  const ways = [() => screen.getByRole('button', { name: 'Open another file…' }).click(), () => fromMenu('open_workspace'), () => fromMenu('open_named')];
  for (const way of ways) {
    setUnsavedWork(work, 'A template is not saved.');
    way();
    const answer = await asked();
    expect(switched, 'nothing is opened before there is an answer').not.toHaveBeenCalled();
    answer(false);
    closeDialog();
  }
  expect(switched).not.toHaveBeenCalled();
});

test('the workspace is opened at once when all is saved, and told when something may be lost', async () => {
  fromMenu('open_named');
  await vi.waitFor(() => expect(switched).toHaveBeenCalledWith(true, false));
  setUnsavedWork(work, 'A template is not saved.');
  fromMenu('open_workspace');
  (await asked())(true);
  await vi.waitFor(() => expect(switched).toHaveBeenLastCalledWith(false, true));
});
