import type { Day } from '@ui/format';

/** Today on this computer's calendar. */
export function today(now: Date = new Date()): Day {
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}
