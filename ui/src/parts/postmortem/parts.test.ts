import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { PostmortemContext } from './context.svelte';
import { pastedImage } from './images';
import { landing } from './reorder.svelte';
import { actorBefore } from './time';

vi.mock('@ui/backend', () => ({ backend: {}, connected: () => Promise.resolve(), sentence: String }));

test('a pasted picture is taken only where no words came with it', () => {
  const file = new File(['x'], 'cells.png', { type: 'image/png' });
  const data = (words: string) => ({ files: [file], getData: () => words }) as unknown as DataTransfer;
  expect(pastedImage(data('A1\tB1'))).toBeNull();
  expect(pastedImage(data(''))).toBe(file);
  expect(pastedImage(null)).toBeNull();
});

test('a dragged row lands above the one it is over, and at the end over the lower half of the last', () => {
  const box = { top: 100, height: 40 };
  expect(landing({ clientY: 135 }, box, 0, 3)).toBe(0);
  expect(landing({ clientY: 105 }, box, 2, 3)).toBe(2);
  expect(landing({ clientY: 135 }, box, 2, 3)).toBe(3);
});

test('a sentence reads on from who did it', () => {
  expect(actorBefore('Gary', 'sees more mentions')).toBe('Gary ');
  expect(actorBefore('Gary', 'More mentions come in')).toBe('Gary: ');
  expect(actorBefore('Customers', 'Customers cannot reach it')).toBe('');
  expect(actorBefore('', 'it stops')).toBe('');
});

test('after a row is deleted the keys go on at the next one, else where rows are added', async () => {
  const doc = new PostmortemDocument();
  const [first = '', second = ''] = ['One', 'Two'].map((text) => doc.add('a finding', 'findings', { texts: { text } }));
  const context = new PostmortemContext({ id: 'p', document: doc } as never);
  document.body.innerHTML = `<button id="add-findings">Add</button><p id="row-findings-${first}"><button>Delete</button></p><p id="row-findings-${second}"><i></i><button data-keeps-focus>F2</button></p>`;
  const remove = async (id: string) => {
    document.querySelector<HTMLElement>(`#row-findings-${id} button`)?.focus();
    context.remove('findings', id, 'a finding');
    document.getElementById(`row-findings-${id}`)?.remove();
    await tick();
    await tick();
    return document.activeElement?.textContent;
  };
  expect(await remove(first)).toBe('F2');
  expect(await remove(second)).toBe('Add');
});
