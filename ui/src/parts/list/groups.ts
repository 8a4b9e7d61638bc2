import type { PostmortemRow, PostmortemSort } from '@bindings';
import { inZone, MONTHS } from '../../format';
import type { Day } from '../../format';

/** The day by which a postmortem is listed: its incident's first, else the day it was made. In its own zone. */
export function dayOf(row: PostmortemRow): Day & { known: boolean } {
  const start = row.starts === null ? null : inZone(row.starts, row.timezone);
  if (start !== null) return { year: start.year, month: start.month, day: start.day, known: true };
  const made = inZone(row.created_at, '');
  return made === null ? { year: 1970, month: 1, day: 1, known: false } : { year: made.year, month: made.month, day: made.day, known: false };
}

/** "November", with the year when it is not `year`. Empty for orders that do not follow the calendar. */
export function groupOf(row: PostmortemRow, sort: PostmortemSort, year: number): string {
  if (sort !== 'newest' && sort !== 'oldest') return '';
  const day = dayOf(row);
  const month = MONTHS[day.month - 1] ?? '';
  return day.year === year ? month : `${month} ${day.year}`;
}
