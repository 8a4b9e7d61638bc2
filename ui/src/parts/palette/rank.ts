import type { SearchHit } from '@bindings';
import { readDay, shortDay } from '../../format';
import type { Command } from '../../commands.svelte';

/** A stretch of text and whether it matched. */
export interface Piece {
  /** The letters. */
  text: string;
  /** They are what was looked for. */
  hit: boolean;
}

/** Splits a text at its marks (start and length in UTF-16 units). Marks that overlap or lie outside are cut to fit. */
export function pieces(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const [start, length] of [...marks].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(at, start);
    const to = Math.min(text.length, start + length);
    if (to <= from) continue;
    const last = found[found.length - 1];
    // Words that were found side by side are marked as one.
    if (last?.hit === true && text.slice(at, from).trim() === '') {
      last.text += text.slice(at, to);
      at = to;
      continue;
    }
    if (from > at) found.push({ text: text.slice(at, from), hit: false });
    found.push({ text: text.slice(from, to), hit: true });
    at = to;
  }
  if (at < text.length) found.push({ text: text.slice(at), hit: false });
  return found;
}

/** How well a command answers what was typed, and where; null when it does not. Smaller is better. */
export function matchCommand(command: Pick<Command, 'title' | 'words'>, query: string): { rank: number; marks: [number, number][] } | null {
  const typed = words(query);
  if (typed.length === 0) return { rank: 5, marks: [] };
  const title = command.title.toLowerCase();
  const marks: [number, number][] = [];
  let rank = title.startsWith(query.trim().toLowerCase()) ? 0 : 2;
  for (const word of typed) {
    const at = wordStart(title, word);
    if (at >= 0) marks.push([at, word.length]);
    else if (wordStart((command.words ?? '').toLowerCase(), word) >= 0) rank += 2;
    else if (word.length > 2 && title.includes(word)) {
      marks.push([title.indexOf(word), word.length]);
      rank += 3;
    } else return null;
  }
  return { rank, marks };
}

function words(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== '');
}

/** Where a word that begins so stands in a text, or -1. */
function wordStart(text: string, begin: string): number {
  let at = text.indexOf(begin);
  while (at >= 0) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return at;
    at = text.indexOf(begin, at + 1);
  }
  return -1;
}

/** What the first character of a query asks for, and the rest of it. */
export function readQuery(typed: string): { scope: 'all' | 'commands' | 'people'; query: string } {
  if (typed.startsWith('>')) return { scope: 'commands', query: typed.slice(1).trim() };
  if (typed.startsWith('@')) return { scope: 'people', query: typed.slice(1).trim() };
  return { scope: 'all', query: typed.trim() };
}

/** Kinds of hits in the order in which the palette lists them, with their headings. */
export const hitGroups: readonly { kind: SearchHit['kind']; label: string }[] = [
  { kind: 'finding', label: 'Findings' },
  { kind: 'action', label: 'Action items' },
  { kind: 'postmortem', label: 'Postmortems' },
  { kind: 'event', label: 'Timeline' },
  { kind: 'section', label: 'Sections' },
  { kind: 'person', label: 'People' },
];

/** A hit's detail with its days as people write them: "2026-11-10 16:05" becomes "10 Nov, 16:05". */
export function readableDetail(detail: string, year: number): string {
  return detail.replace(/(\d{4}-\d{2}-\d{2})([ T]\d{2}:\d{2})?/g, (_, date: string, time: string | undefined) => {
    const day = readDay(date);
    if (day === null) return date;
    return `${shortDay(day, year)}${time === undefined ? '' : `, ${time.slice(1)}`}`;
  });
}
