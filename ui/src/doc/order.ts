/**
 * Order keys of rows: base-62 strings that sort by their bytes, with a random tail so that two people who insert at the
 * same place at the same moment hardly ever make the same key. The backend makes keys of the same form.
 */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A list whose keys grow longer than this is given new keys. */
export const LONGEST_KEY = 48;

/** A number in [0, 1); passed in by tests. */
export type Random = () => number;

/** Something that has a place in a list. */
export interface Placed {
  readonly id: string;
  readonly order: string;
}

/** Compares two strings by their UTF-8 bytes, as the backend does. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // A surrogate stands for a character above U+FFFF, which UTF-8 sorts after U+E000 to U+FFFF.
      const xHigh = x >= 0xd800 && x <= 0xdfff;
      const yHigh = y >= 0xd800 && y <= 0xdfff;
      if (xHigh !== yHigh) return xHigh ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

/** Orders rows by order key, then id. */
export function comparePlaced(a: Placed, b: Placed): number {
  return compareBytes(a.order, b.order) || compareBytes(a.id, b.id);
}

/** Whether a key is one that new keys can be made beside. */
export function isOrderKey(key: string): boolean {
  if (key === '' || key.length > 1024) return false;
  try {
    generateKeyBetween(key, null);
    return true;
  } catch {
    return false;
  }
}

function tail(random: Random): string {
  const length = random() < 0.5 ? 2 : 3;
  let out = '';
  for (let i = 0; i < length; i++) {
    // A key must not end in the digit zero.
    const lowest = i === length - 1 ? 1 : 0;
    out += DIGITS[lowest + Math.floor(random() * (DIGITS.length - lowest))];
  }
  return out;
}

/**
 * A key between two keys that differ; `null` stands for the start or the end of the list. With the tail the key is
 * still below `after`: the tail is only added where that holds.
 */
export function keyBetween(before: string | null, after: string | null, random: Random = Math.random): string {
  const key = generateKeyBetween(before, after);
  for (let attempt = 0; attempt < 4; attempt++) {
    const longer = key + tail(random);
    if ((after === null || compareBytes(longer, after) < 0) && isOrderKey(longer)) return longer;
  }
  return key;
}

/** Fresh keys for a whole list of `count` rows. */
export function freshKeys(count: number, random: Random = Math.random): string[] {
  return generateNKeysBetween(null, null, count).map((key) => key + tail(random));
}

/** New order keys, by row id. */
export type NewKeys = Map<string, string>;

/**
 * The keys that put `moving` at `index` of `others` (which are in order and do not contain it). Usually one key;
 * more when neighbours have equal keys, and a whole new set when a key is unusable or has grown too long.
 */
export function keysForPlace(
  others: readonly Placed[],
  moving: string,
  index: number,
  random: Random = Math.random,
): NewKeys {
  const at = Math.max(0, Math.min(index, others.length));
  const before = at > 0 ? (others[at - 1]?.order ?? null) : null;
  const after = at < others.length ? (others[at]?.order ?? null) : null;
  const usable = (key: string | null): boolean => key === null || isOrderKey(key);
  if (usable(before) && usable(after)) {
    if (before === null || after === null || compareBytes(before, after) < 0) {
      const key = keyBetween(before, after, random);
      if (key.length <= LONGEST_KEY) return new Map([[moving, key]]);
    } else {
      const keys = pushRight(others, at, before, random);
      const first = others[at];
      const next = first ? keys.get(first.id) : undefined;
      if (next !== undefined) {
        const key = keyBetween(before, next, random);
        if (key.length <= LONGEST_KEY) return keys.set(moving, key);
      }
    }
  }
  const ids = others.map((row) => row.id);
  ids.splice(at, 0, moving);
  const fresh = freshKeys(ids.length, random);
  return new Map(ids.map((id, i) => [id, fresh[i] ?? '']));
}

/** Gives the rows from `at` on that share the key `before` new keys above it, as few as needed. */
function pushRight(others: readonly Placed[], at: number, before: string, random: Random): NewKeys {
  const keys: NewKeys = new Map();
  let end = at;
  while (end < others.length && compareBytes(others[end]?.order ?? '', before) <= 0) end++;
  const limit = others[end]?.order ?? null;
  if (limit !== null && !isOrderKey(limit)) return keys;
  let previous = before;
  for (let i = at; i < end; i++) {
    const row = others[i];
    if (!row) break;
    previous = keyBetween(previous, limit, random);
    keys.set(row.id, previous);
  }
  return keys;
}
