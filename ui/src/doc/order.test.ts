import { expect, test } from 'vitest';

import { compareBytes, comparePlaced, freshKeys, isOrderKey, keyBetween, keysForPlace, LONGEST_KEY, type Placed } from './order';
import { seeded } from './seeded';

function apply(rows: Placed[], keys: Map<string, string>): Placed[] {
  return rows.map((row) => ({ id: row.id, order: keys.get(row.id) ?? row.order })).sort(comparePlaced);
}

test('a new key lies between its neighbours and can have neighbours itself', () => {
  const random = seeded(1);
  let low: string | null = null;
  for (let i = 0; i < 200; i++) {
    const key = keyBetween(low, null, random);
    expect(isOrderKey(key), `${key} must be a key that others can be made beside`).toBe(true);
    if (low !== null) expect(compareBytes(low, key)).toBeLessThan(0);
    low = key;
  }
  const [a = '', b = ''] = freshKeys(2, random);
  const middle = keyBetween(a, b, random);
  expect(compareBytes(a, middle)).toBeLessThan(0);
  expect(compareBytes(middle, b)).toBeLessThan(0);
});

test('strings are compared by their UTF-8 bytes', () => {
  expect(compareBytes('Z', 'a')).toBeLessThan(0);
  expect(compareBytes('a', 'aa')).toBeLessThan(0);
  // U+1F600 is above U+FFFD in UTF-8 although its first UTF-16 unit is below.
  expect(compareBytes('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});

test('thousands of moves keep the wished order and short keys', () => {
  const random = seeded(7);
  let rows: Placed[] = freshKeys(30, random).map((order, i) => ({ id: `r${String(i).padStart(2, '0')}`, order }));
  rows.sort(comparePlaced);
  for (let i = 0; i < 3000; i++) {
    const from = i % 3 === 0 ? 1 : Math.floor(random() * rows.length);
    const to = i % 3 === 0 ? 1 : Math.floor(random() * rows.length);
    const moving = rows[from];
    if (!moving) continue;
    const others = rows.filter((row) => row !== moving);
    const wished = others.map((row) => row.id);
    wished.splice(to, 0, moving.id);
    rows = apply(rows, keysForPlace(others, moving.id, to, random));
    expect(rows.map((row) => row.id), `move ${String(i)} from ${String(from)} to ${String(to)}`).toEqual(wished);
    expect(Math.max(...rows.map((row) => row.order.length))).toBeLessThanOrEqual(LONGEST_KEY);
  }
});

test('neighbours with equal or unusable keys are given new ones', () => {
  const random = seeded(3);
  const equal: Placed[] = ['a', 'b', 'c', 'd'].map((id) => ({ id, order: 'a1V' }));
  for (let index = 0; index <= 4; index++) {
    const wished = ['a', 'b', 'c', 'd'];
    wished.splice(index, 0, 'x');
    const after = apply([...equal, { id: 'x', order: '' }], keysForPlace(equal, 'x', index, random));
    expect(after.map((row) => row.id)).toEqual(wished);
  }
  const odd: Placed[] = [{ id: 'a', order: '' }, { id: 'b', order: '!!' }, { id: 'c', order: 'a10' }];
  const after = apply([...odd, { id: 'x', order: '' }], keysForPlace(odd, 'x', 2, random));
  expect(after.map((row) => row.id)).toEqual(['a', 'b', 'x', 'c']);
});
