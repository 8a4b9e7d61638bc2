import { expect, test } from 'vitest';
import { wholeRows } from './whole';

const rows = [0, 1, 2, 3, 4].map((i) => ({ top: i * 10, bottom: i * 10 + 9 }));

test('no row is cut, and what comes is shown before what came', () => {
  expect(wholeRows(rows, 1, 100), 'all fit').toEqual([0, 4]);
  expect(wholeRows(rows, 1, 35), 'three whole ones, from the present one on').toEqual([1, 3]);
  expect(wholeRows(rows, 4, 29), 'nothing comes after the last').toEqual([2, 4]);
  expect(wholeRows(rows, 2, 3), 'the present one is never left out').toEqual([2, 2]);
  expect(wholeRows([], 0, 3), 'no stages').toEqual([0, 0]);
});
