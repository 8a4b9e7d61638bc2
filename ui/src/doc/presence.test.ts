import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Presence } from './presence.svelte';

test('whoever sends what they typed is not shown as typing any more, and is again with the next letter', () => {
  const presence = new Presence(new Y.Doc(), { person: 'debby', name: 'Debby' });
  const typing = () => presence.awareness.getLocalState()?.typing;
  presence.sent();
  expect(typing(), 'nothing was typed').toBe(false);
  presence.typed();
  expect(typing()).toBe(true);
  presence.sent();
  expect(typing(), 'the line stands in the list').toBe(false);
  presence.typed();
  expect(typing(), 'the next line').toBe(true);
  presence.destroy();
});
