import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeDialog, currentDialog } from './dialogs.svelte';
import { agreedToLose, anythingUnsaved, mayLeave, PATIENCE, setUnsaved, setUnsavedWork, stayed, stored, unsaved } from './unsaved.svelte';

const one = {};
const two = {};
const question = { title: 'Close?', lose: 'Close' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  setUnsaved(one, 0);
  setUnsaved(two, 0);
  setUnsavedWork(one, null);
  stayed();
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

function answer(go: boolean): void {
  const dialog = currentDialog();
  if (dialog?.name === 'unsaved') dialog.props.answer(go);
}

function closes(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return !event.defaultPrevented;
}

test('work that only a person can save is asked about at once, in its own words', async () => {
  setUnsavedWork(one, 'What was changed in the template “Ours” is not saved.');
  expect(anythingUnsaved()).toBe(true);
  expect(closes()).toBe(false);
  const may = mayLeave(question);
  await vi.advanceTimersByTimeAsync(0);
  const dialog = currentDialog();
  expect(dialog?.name === 'unsaved' && dialog.props.work).toContain('“Ours”');
  answer(false);
  expect(await may).toBe(false);
  setUnsavedWork(one, null);
  expect(anythingUnsaved()).toBe(false);
  expect(await mayLeave(question)).toBe(true);
});

test('who agreed to lose something is not asked a second time by the window', async () => {
  setUnsavedWork(one, 'What was changed in the template “Ours” is not saved.');
  const may = mayLeave(question);
  await vi.advanceTimersByTimeAsync(0);
  answer(true);
  expect(await may).toBe(true);
  expect([agreedToLose(), closes()]).toEqual([true, true]);
  stayed();
  expect([agreedToLose(), closes()]).toEqual([false, false]);
});
