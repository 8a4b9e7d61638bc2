import { beforeEach, expect, test, vi } from 'vitest';
import { register } from './commands.svelte';
import { fromMenu } from './menu';
import { openModal } from './state/modals.svelte';
import { currentToast, dismissToast } from './state/toasts.svelte';

const undone = vi.fn();
const own = vi.fn<(command: string) => boolean>();
let stop = () => undefined as unknown;

beforeEach(() => {
  stop();
  undone.mockClear();
  own.mockClear();
  dismissToast();
  document.execCommand = own;
  stop = register([{ id: 'undo', title: 'Undo', group: 'Postmortem', run: undone }]);
});

test('Undo takes back the last edit of the screen', () => {
  fromMenu('undo');
  expect(undone).toHaveBeenCalledOnce();
  expect(own).not.toHaveBeenCalled();
});

test('Undo in a plain field takes back what was typed there', () => {
  const field = document.createElement('input');
  document.body.append(field);
  field.focus();
  fromMenu('undo');
  fromMenu('redo');
  expect(own.mock.calls.flat()).toEqual(['undo', 'redo']);
  expect(undone).not.toHaveBeenCalled();
});

test('Undo in a field that is stored takes back the last edit of the screen', () => {
  const field = document.createElement('input');
  field.dataset.stored = '';
  document.body.append(field);
  field.focus();
  fromMenu('undo');
  expect(undone).toHaveBeenCalledOnce();
  expect(own).not.toHaveBeenCalled();
});

test('Undo leaves alone what lies under a dialog', () => {
  const closed = openModal(document.createElement('dialog'));
  fromMenu('undo');
  closed();
  expect(undone).not.toHaveBeenCalled();
});

test('Export says what it needs where there is nothing to export', () => {
  fromMenu('export');
  expect(currentToast()?.text).toContain('Open the postmortem');
});
