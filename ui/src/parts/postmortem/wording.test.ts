import { expect, test } from 'vitest';

import { placeOf, replacement } from './wording.svelte';

const roles = [
  { name: 'Greg', role: 'first responder' },
  { name: 'Greg Meyer', role: 'first responder' },
];

test('a name beside the harm can be replaced by the role', () => {
  expect(replacement({ rule: 'R11' }, 'Greg deleted', roles, true)).toBe('The first responder deleted');
  expect(replacement({ rule: 'R11' }, 'by Greg Meyer', roles, false), 'the whole name goes').toBe('by the first responder');
  expect(replacement({ rule: 'R11' }, 'Gregory deleted', roles, true), 'another name is left alone').toBeNull();
  expect(replacement({ rule: 'R11' }, 'Mei deleted', roles, true), 'what somebody did there is not known').toBeNull();
});

test('advice that is no words to use has none', () => {
  expect(replacement({ rule: 'R9' }, 'Greg will be careful', roles, true)).toBeNull();
});

test('words are found where they stand by now', () => {
  const tip = { hint: { start: 4 } as never, words: 'should have' };
  expect(placeOf(tip, 'Bob should have called')).toEqual({ from: 4, to: 15 });
  expect(placeOf(tip, 'We think Bob should have called'), 'something was written before them').toEqual({ from: 13, to: 24 });
  expect(placeOf(tip, 'Bob called')).toBeNull();
});
