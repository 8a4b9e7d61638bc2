import { expect, test, vi } from 'vitest';
import type { ActionRow } from '@bindings';
import { anythingUnsaved, mayLeave } from '../../state/unsaved.svelte';
import { currentDialog } from '../../state/dialogs.svelte';
import { draftOf, dropDraft, noteDraft, settleDrafts } from './drafts.svelte';

const row = (id: string, evidence = '') => ({ doc: 'd', id, text: `Item ${id}`, evidence }) as ActionRow;

test('what was typed waits for its item, and closing the page asks', async () => {
  noteDraft(row('a'), 'The drill');
  expect([draftOf(row('a')), draftOf(row('b'))], 'it belongs to one item').toEqual(['The drill', null]);
  void mayLeave({ title: 'Close before everything is saved?', lose: 'Close and lose them' });
  await vi.waitFor(() => expect(currentDialog()?.props).toMatchObject({ work: 'What you typed to show that “Item a” is done is not kept yet.' }));
  noteDraft(row('b'), 'OPS-7');
  noteDraft(row('a'), ' ');
  expect(draftOf(row('a')), 'an emptied field is no draft').toBeNull();
  dropDraft(row('b'));
  expect(anythingUnsaved()).toBe(false);
});

test('evidence that is kept, or that somebody else gave, ends what was typed', () => {
  noteDraft(row('a'), 'The drill');
  settleDrafts([row('a'), row('b')]);
  expect(draftOf(row('a')), 'nothing has changed').toBe('The drill');
  expect(draftOf(row('a', 'A picture of it')), 'what was not read does not take the place of it').toBeNull();
  settleDrafts([row('a', 'A picture of it')]);
  expect(draftOf(row('a')), 'and it is gone').toBeNull();
  expect(anythingUnsaved()).toBe(false);
  noteDraft(row('a', 'The drill'), 'The drill ');
  expect(anythingUnsaved(), 'the same words are no draft').toBe(false);
});
