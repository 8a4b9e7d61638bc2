import { expect, test } from 'vitest';

import { cut } from './cut';

test('a text is cut between characters', () => {
  expect(cut('short', 10)).toBe('short');
  expect(cut('a longer one', 8)).toBe('a longer');
  expect(cut('on fire 🔥', 9), 'a character that does not fit is left out whole').toBe('on fire ');
  expect(cut('on fire 🔥', 10)).toBe('on fire 🔥');
});
