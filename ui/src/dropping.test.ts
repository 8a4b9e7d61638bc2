import { afterEach, expect, test } from 'vitest';
import { onPage, overPage } from './dropping';
import { closeDialog, currentDialog } from './state/dialogs.svelte';
import { replace } from './state/router.svelte';

const file = new File(['# Outage'], 'outage.md');

function drag(name: string, types: string[], files: File[] = []): DragEvent {
  const event = new Event(name, { cancelable: true }) as DragEvent;
  Object.defineProperty(event, 'dataTransfer', { value: { types, files, dropEffect: 'copy' } });
  return event;
}

afterEach(() => {
  closeDialog();
  replace({ name: 'postmortems' });
});

test('a file dropped on the list starts its import', () => {
  const event = drag('drop', ['Files'], [file]);
  onPage(event);
  expect(event.defaultPrevented).toBe(true);
  const dialog = currentDialog();
  expect(dialog?.name === 'import' && dialog.props.files).toEqual([file]);
});

test('a file dropped anywhere else leaves the page as it is', () => {
  replace({ name: 'settings' });
  const [over, drop] = [drag('dragover', ['Files']), drag('drop', ['Files'], [file])];
  overPage(over);
  onPage(drop);
  expect([over.defaultPrevented, over.dataTransfer?.dropEffect, drop.defaultPrevented]).toEqual([true, 'none', true]);
  expect(currentDialog()).toBeNull();
});

test('what a field took, and words dragged into one, are theirs', () => {
  const taken = drag('drop', ['Files'], [file]);
  taken.preventDefault();
  onPage(taken);
  const words = drag('drop', ['text/plain']);
  onPage(words);
  expect(currentDialog()).toBeNull();
  expect(words.defaultPrevented).toBe(false);
});
