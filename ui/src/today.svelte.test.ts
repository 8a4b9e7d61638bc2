import { flushSync } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { thisDay } from './today.svelte';

vi.mock('@ui/backend', () => ({ backend: {}, connected: () => Promise.resolve(), sentence: String }));

afterEach(() => {
  vi.useRealTimers();
});

test('a window that stays open past midnight shows the new day', () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 10, 23, 59) });
  const seen: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(thisDay().day);
    });
  });
  flushSync();
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(seen).toEqual([10]);
  vi.advanceTimersByTime(40_000);
  flushSync();
  expect(seen).toEqual([10, 11]);
  // Asleep over the next midnight: the timer is late, the look at the window is not.
  vi.setSystemTime(new Date(2026, 10, 12, 8));
  dispatchEvent(new Event('focus'));
  flushSync();
  expect(seen).toEqual([10, 11, 12]);
  stop();
});
