import { expect, test } from 'vitest';
import type { Command } from '../../commands.svelte';
import { keyGroups } from './keys';

const command = (id: string, group: string, keys: string[]): Command => ({ id, title: `Do ${id}`, group, keys, run: () => undefined });

test('every group of keys is shown, those of the present screen first', () => {
  const groups = keyGroups([command('palette', 'Anywhere', ['Mod+K']), command('event.add', 'Postmortem', ['T']), { ...command('theme', 'Anywhere', []), keys: undefined }]);
  expect(groups.map(({ name, here }) => `${name}${here ? '' : ', elsewhere'}`)).toEqual(['Anywhere', 'Postmortem', 'Text', 'Lists, elsewhere', 'Action items, elsewhere', 'Review, elsewhere', 'Template, elsewhere']);
  const postmortem = groups[1]?.lines.map((line) => line.keys.join(' '));
  expect(postmortem?.filter((keys) => keys === 'T'), 'a key that the screen names itself is named once').toHaveLength(1);
  expect(postmortem).toContain('Alt+ArrowUp Alt+ArrowDown');
});

test('keys of text are told everywhere', () => {
  const text = keyGroups([]).find((group) => group.name === 'Text');
  expect(text?.lines.map((line) => line.keys[0])).toEqual(['Mod+Enter', '@', '#', 'Mod+B', 'Mod+I', 'Mod+E']);
});
