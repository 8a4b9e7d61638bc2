import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from './document.svelte';

test('where somebody may not edit, nothing of the document changes', () => {
  const doc = new PostmortemDocument();
  const finding = doc.add('a finding', 'findings', { texts: { text: 'as it was' } });
  const before = Y.encodeStateAsUpdate(doc.ydoc);
  doc.allows = () => false;
  expect(doc.add('a finding', 'findings', { texts: { text: 'new' } }), 'there is no row to go to').toBe('');
  expect(doc.edit('its kind', 'findings', finding, { kind: 'luck' })).toBeNull();
  expect(doc.hide('a finding', 'findings', finding)).toBeNull();
  const text = doc.rowText('findings', finding, 'text');
  if (text === null) throw new Error('the finding has no text');
  doc.splice(text, 0, 2, 'xx');
  expect(Y.encodeStateAsUpdate(doc.ydoc), 'there is nothing that the workspace would have to refuse').toEqual(before);
  doc.allows = () => true;
  doc.edit('its kind', 'findings', finding, { kind: 'luck' });
  expect(doc.row('findings', finding)?.data.kind).toBe('luck');
  doc.destroy();
});
