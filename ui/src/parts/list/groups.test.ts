import { expect, it } from 'vitest';
import type { PostmortemRow } from '@bindings';
import { blocksOf, headingsOf } from './groups';

function row(id: string, starts: string, timezone: string): PostmortemRow {
  return { id, starts, timezone, created_at: starts } as PostmortemRow;
}

it('tells two stretches of one month apart when zones disagree about the month', () => {
  // By the instant the second lies between the others; on its own calendar it is already December.
  const rows = [
    row('a', '2026-11-30T20:00:00Z', 'Europe/London'),
    row('b', '2026-11-30T19:00:00Z', 'Pacific/Auckland'),
    row('c', '2026-11-30T18:00:00Z', 'Europe/London'),
  ];
  const blocks = blocksOf(rows, headingsOf(rows, 'newest', 2026), 0, 3);
  expect(blocks.map((block) => block.heading)).toEqual(['November', 'December', 'November']);
  expect(new Set(blocks.map((block) => block.key)).size).toBe(3);
});

it('keeps a block while the list is scrolled within it, so that its rows keep the focus', () => {
  const rows = [row('a', '2026-11-30T20:00:00Z', 'UTC'), row('b', '2026-11-29T20:00:00Z', 'UTC'), row('c', '2026-11-28T20:00:00Z', 'UTC')];
  const headings = headingsOf(rows, 'newest', 2026);
  const [whole, cut, further] = [0, 1, 2].map((from) => blocksOf(rows, headings, from, 3)[0]);
  expect([whole?.heading, cut?.heading, further?.heading]).toEqual(['November', '', '']);
  expect(new Set([whole?.key, cut?.key, further?.key]).size).toBe(1);
  expect(headingsOf(rows, 'severity', 2026)).toEqual(['', '', '']);
  expect(headingsOf([undefined, ...rows.slice(0, 2)], 'newest', 2026)).toEqual(['', 'November', '']);
});
