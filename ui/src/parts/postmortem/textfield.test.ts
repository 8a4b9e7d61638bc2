import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext, POSTMORTEM } from './context.svelte';
import TextField from './TextField.svelte';

vi.mock('@ui/backend', () => ({ backend: {}, connected: () => Promise.resolve(), sentence: String }));

test('a press that ends elsewhere leaves the field to the keys: Tab still opens it', async () => {
  const doc = new PostmortemDocument();
  const open = { id: 'p', document: doc, presence: { at: () => undefined }, occupied: new Set() };
  render(TextField, { props: { text: () => doc.titleText, value: '', label: 'Title', place: 'Title' }, context: new Map([[POSTMORTEM, new PostmortemContext(open as never)]]) });
  const field = screen.getByRole('textbox');
  const press = (type: string, on: Element) => on.dispatchEvent(new MouseEvent(type, { bubbles: true }));
  press('pointerdown', field);
  field.focus();
  await tick();
  expect(document.querySelector('.text-editor'), 'while it is pressed the pointer has yet to say where').toBeNull();
  press('pointerup', document.body);
  field.blur();
  field.focus();
  await tick();
  expect(document.querySelector('.text-editor')).not.toBeNull();
});
