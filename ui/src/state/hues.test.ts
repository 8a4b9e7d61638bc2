import { expect, test } from 'vitest';

import { hueOf } from '../format';
import { personHue, showHues } from './hues.svelte';

test('a person has one hue on the whole screen: that of the postmortem, as long as one is shown', () => {
  const other = hueOf('greg') === 3 ? 4 : 3;
  expect(personHue('greg')).toBe(hueOf('greg'));
  const back = showHues(new Map([['greg', other]]));
  expect(personHue('greg')).toBe(other);
  expect(personHue('bill'), 'whoever is not in it keeps their own').toBe(hueOf('bill'));
  const next = showHues(new Map([['greg', 7]]));
  back();
  expect(personHue('greg'), 'a screen that goes takes nothing from the one that came').toBe(7);
  next();
  expect(personHue('greg')).toBe(hueOf('greg'));
});
