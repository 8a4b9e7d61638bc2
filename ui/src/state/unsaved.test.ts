import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeDialog, currentDialog } from './dialogs.svelte';
import { mayLeave, PATIENCE, setUnsaved, stored, unsaved } from './unsaved.svelte';

const one = {};
const two = {};
const question = { title: 'Close?', lose: 'Close' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  setUnsaved(one, 0);
  setUnsaved(two, 0);
  closeDialog();
  vi.useRealTimers();
});

test('edits of all documents count together', async () => {
  expect(await stored()).toBe(true);
  setUnsaved(one, 2);
  setUnsaved(two, 1);
  expect(unsaved()).toBe(3);
  const waiting = stored();
  setUnsaved(one, 0);
  setUnsaved(two, 0);
  expect(await waiting).toBe(true);
});

test('leaving waits a little for what is on its way, and then goes without a question', async () => {
  setUnsaved(one, 1);
  const may = mayLeave(question);
  await vi.advanceTimersByTimeAsync(PATIENCE / 2);
  setUnsaved(one, 0);
  expect(await may).toBe(true);
  expect(currentDialog()).toBeNull();
});

test('what takes longer is asked about', async () => {
  setUnsaved(one, 1);
  const may = mayLeave(question);
  await vi.advanceTimersByTimeAsync(PATIENCE);
  const dialog = currentDialog();
  expect(dialog?.name).toBe('unsaved');
  if (dialog?.name === 'unsaved') dialog.props.answer(false);
  expect(await may).toBe(false);
});
