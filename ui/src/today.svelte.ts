/** The calendar day it is now, for whatever shows or counts from it: a window may stay open past midnight. */
import { createSubscriber } from 'svelte/reactivity';

import type { Day } from './format';
import { writeDay } from './format';
import { today } from './state/postmortems.svelte';

/** Milliseconds until the next day begins on this computer's clock. */
function untilMidnight(now = new Date()): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

let shown = today();

const follow = createSubscriber((update) => {
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(look, untilMidnight() + 50);
    if (writeDay(today()) !== writeDay(shown)) update();
  };
  look();
  // A computer that slept through midnight fires no timer on time; coming back to the window does.
  addEventListener('focus', look);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    removeEventListener('focus', look);
    document.removeEventListener('visibilitychange', look);
  };
});

/** This computer's calendar day. Reactive: follows midnight, and a look at the window after it. */
export function thisDay(): Day {
  const now = today();
  // The same day is the same object, so that nothing is drawn again for it.
  if (writeDay(now) !== writeDay(shown)) shown = now;
  follow();
  return shown;
}
