// How the history of a postmortem is told: versions by day, what a version is called, and a readable difference.

import { cut } from '../../base/cut';

/** One place in the log, as `version_list` gives it. */
export interface Place {
  seq: number;
  name: string;
  /** RFC 3339, UTC. */
  at: string;
  by: string[];
}

/** Versions of one day, newest first. */
export interface Day {
  /** `Today`, `Yesterday`, `10 Nov`, `10 Nov 2025`. */
  label: string;
  versions: Place[];
}

const dayKey = (at: Date, zone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** Groups versions by their day in a zone. The order of `versions` is kept. */
export function byDay(versions: Place[], zone: string, now: Date): Day[] {
  const today = dayKey(now, zone);
  const yesterday = dayKey(new Date(now.getTime() - 24 * 3600_000), zone);
  const days: (Day & { key: string })[] = [];
  for (const version of versions) {
    const at = new Date(version.at);
    const valid = !Number.isNaN(at.getTime());
    const key = valid ? dayKey(at, zone) : '';
    let day = days.at(-1);
    if (day === undefined || day.key !== key) {
      day = { key, label: '', versions: [] };
      if (!valid) day.label = 'Time unknown';
      else if (key === today) day.label = 'Today';
      else if (key === yesterday) day.label = 'Yesterday';
      else {
        const year = key.slice(0, 4) === today.slice(0, 4) ? undefined : ('numeric' as const);
        day.label = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', year }).format(at);
      }
      days.push(day);
    }
    day.versions.push(version);
  }
  return days.map(({ label, versions: list }) => ({ label, versions: list }));
}

/** The clock time of a version in a zone: `16:05`. */
export function clock(at: string, zone: string): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return '';
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}

/** `Cathy`, `Cathy and Greg`, `Cathy, Greg and 3 more`. */
export function people(by: string[]): string {
  const names = by.map((name) => name.trim()).filter((name) => name !== '');
  const [first, second, third] = names;
  if (first === undefined) return 'Somebody';
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  if (names.length === 3) return `${first}, ${second} and ${third}`;
  return `${first}, ${second} and ${names.length - 2} more`;
}

/** What a version is called in a list: its name, or whose edits it holds. */
export function title(version: Place): string {
  const name = version.name.trim();
  return name === '' ? `Edits by ${people(version.by).replace(/^Somebody$/, 'somebody')}` : name.charAt(0).toUpperCase() + name.slice(1);
}

/** Tells one version from another: several names may stand at the same place in the log. */
export function key(version: Place): string {
  return `${version.seq} ${version.at} ${version.name}`;
}

/** The version that stands before the one with this key, in a list that is newest first; `null` for the first of all. */
export function before(versions: Place[], chosen: string | null): Place | null {
  const at = versions.findIndex((version) => key(version) === chosen);
  return at < 0 ? null : (versions[at + 1] ?? null);
}

/** Puts two places in order. 0 is the present state, the newest of all. */
export function ordered(a: number, b: number): { from: number; to: number } {
  const rank = (seq: number) => (seq === 0 ? Number.POSITIVE_INFINITY : seq);
  return rank(a) <= rank(b) ? { from: a, to: b } : { from: b, to: a };
}

/** What a version is compared with: `before`, `now`, the key of another, or `nothing` when there is nothing else. */
export type Against = string;

/**
 * What to compare the version `chosen` (a key) with when a person wants `wanted`, and the two places in the log, in
 * order. The first version has none before it, and the newest is the present state: then the nearest other answer is
 * given.
 */
export function comparison(versions: Place[], chosen: string | null, wanted: Against): { against: Against; pair: { from: number; to: number } | null } {
  const picked = versions.find((version) => key(version) === chosen);
  if (picked === undefined) return { against: 'nothing', pair: null };
  const other = wanted === chosen ? undefined : versions.find((version) => key(version) === wanted);
  if (other !== undefined) return { against: wanted, pair: ordered(other.seq, picked.seq) };
  const earlier = before(versions, chosen);
  const newest = picked.seq === versions[0]?.seq;
  if (!newest && (wanted === 'now' || earlier === null)) return { against: 'now', pair: ordered(0, picked.seq) };
  if (earlier !== null) return { against: 'before', pair: ordered(earlier.seq, picked.seq) };
  return { against: 'nothing', pair: null };
}

/**
 * What shows what changed in the latest review: the key of the version at its end, or of the newest where its end has no
 * name, and the key of the one at its start. Null where no review has begun.
 */
export function reviewPair(versions: Place[]): { end: string; start: string } | null {
  const end = versions.findIndex((version) => version.name === 'end of review');
  const from = Math.max(end, 0);
  const start = versions.slice(from).find((version) => version.name === 'start of review');
  const last = versions[from];
  return start === undefined || last === undefined || key(last) === key(start) ? null : { end: key(last), start: key(start) };
}

/** A piece of a difference. */
export interface Piece {
  kind: string;
  text: string;
}

/** Characters of unchanged text that stay on each side of a change. */
const CONTEXT = 90;

const cutStart = (text: string) => {
  if (text.length <= CONTEXT) return text;
  // Not the second half of a character.
  const tail = text.slice(-CONTEXT).replace(/^[\udc00-\udfff]/, '');
  const space = tail.search(/\s/);
  return `… ${(space === -1 || space > 20 ? tail : tail.slice(space + 1)).trimStart()}`;
};

const cutEnd = (text: string) => {
  if (text.length <= CONTEXT) return text;
  const head = cut(text, CONTEXT);
  const space = head.search(/\s\S*$/);
  return `${(space === -1 || space < CONTEXT - 20 ? head : head.slice(0, space)).trimEnd()} …`;
};

/** Shortens long unchanged stretches so that the changed words are found at once. */
export function folded(pieces: Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind !== 'same') return piece;
    const first = index === 0;
    const last = index === pieces.length - 1;
    if (first && last) return piece.text.length > 2 * CONTEXT ? { kind: 'same', text: cutEnd(piece.text) } : piece;
    if (first) return { kind: 'same', text: cutStart(piece.text) };
    if (last) return { kind: 'same', text: cutEnd(piece.text) };
    if (piece.text.length <= 2 * CONTEXT + 20) return piece;
    return { kind: 'same', text: `${cutEnd(piece.text)} ${cutStart(piece.text).replace(/^… /, '')}` };
  });
}

/** Whether {@link folded} leaves something out. */
export function isFolded(pieces: Piece[]): boolean {
  const short = folded(pieces);
  return pieces.some((piece, index) => piece.text !== short[index]?.text);
}

/** `3 changes: 1 added, 2 changed`; `2 changed` when that is all. */
export function changesSentence(changes: { what: string }[]): string {
  if (changes.length === 0) return 'Nothing changed between the two.';
  const count = (what: string) => changes.filter((change) => change.what === what).length;
  const parts = [
    [count('added'), 'added'],
    [count('changed'), 'changed'],
    [count('removed'), 'removed'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const all = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  if (told.length === 0) return `${all}.`;
  return told.length === 1 ? `${told[0]}.` : `${all}: ${told.join(', ')}.`;
}
