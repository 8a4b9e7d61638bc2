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

/** What stands above each row; empty where it goes on as the row before, and for rows that are not here yet. */
export function headingsOf(rows: readonly (PostmortemRow | undefined)[], sort: PostmortemSort, year: number): string[] {
  const headings = new Array<string>(rows.length).fill('');
  let before = '';
  let last = -1;
  // Rows that are not here yet are holes, which are passed over: there may be thousands.
  rows.forEach((row, at) => {
    if (row === undefined) return;
    const own = groupOf(row, sort, year);
    if (at !== last + 1 || own !== before) headings[at] = own;
    before = own;
    last = at;
  });
  return headings;
}

/** Rows under one heading; when the list is cut there, the heading is empty. */
export interface Block {
  /** Where the block begins in the whole list. The same month may come twice: rows stand by the instant, and months are those of their own zones. */
  key: number;
  heading: string;
  rows: { row: PostmortemRow | undefined; index: number }[];
}

/** The rows from `from` up to `to`, under their headings. */
export function blocksOf(rows: readonly (PostmortemRow | undefined)[], headings: readonly string[], from: number, to: number): Block[] {
  const blocks: Block[] = [];
  for (let index = from; index < to; index++) {
    const heading = headings[index] ?? '';
    const last = blocks[blocks.length - 1];
    if (last !== undefined && heading === '') {
      last.rows.push({ row: rows[index], index });
      continue;
    }
    let key = index;
    while (key > 0 && (headings[key] ?? '') === '') key -= 1;
    blocks.push({ key, heading, rows: [{ row: rows[index], index }] });
  }
  return blocks;
}
