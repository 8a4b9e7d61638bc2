import { expect, test } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';

import { linesOf, themesOf } from './themes';

function findings(...themes: string[]) {
  const doc = new PostmortemDocument();
  themes.forEach((theme, i) => doc.add('a finding', 'findings', { texts: { text: String(i + 1) }, fields: { theme } }));
  return doc.rows('findings');
}

const told = (rows: ReturnType<typeof findings>) => linesOf(rows).map(({ theme, row }) => (row === null ? `[${theme}]` : row.data.text));

test('findings of one theme stand below its name, those without one at the end', () => {
  expect(told(findings('access', '', 'alerts', 'access'))).toEqual(['[access]', '1', '4', '[alerts]', '3', '[]', '2']);
  expect(told(findings('access', 'access')), 'there is no name above nothing').toEqual(['[access]', '1', '2']);
});

test('as long as nothing is grouped the list is as it was', () => {
  expect(told(findings('', ''))).toEqual(['1', '2']);
});

test('a theme is one theme however it is spelled', () => {
  expect(themesOf(findings('Access', ' access', 'alerts', ''))).toEqual(['Access', 'alerts']);
  expect(told(findings('Access', 'alerts', ' ACCESS '))).toEqual(['[Access]', '1', '3', '[alerts]', '2']);
});
