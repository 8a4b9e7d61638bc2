/**
 * Reads the Markdown that people write here, line by line, for showing it: the same reading serves the text at rest and
 * the text in an editor, so that nothing jumps when one becomes the other. Exports are made by the backend.
 */

/** What a line is. */
export type Block = 'text' | 'blank' | 'heading' | 'bullet' | 'number' | 'quote' | 'fence' | 'code' | 'rule';

/** One line. Positions are UTF-16 units from the start of the text. */
export interface Line {
  from: number;
  to: number;
  block: Block;
  /** Depth: 1 to 6 for a heading, 0 and up for a list item. */
  level: number;
  /** Where the line's own words begin, after its marks. */
  textFrom: number;
  /** `3.` of a numbered item, `x` or a space of a task; else empty. */
  sign: string;
}

/** A piece of a line. */
export interface Span {
  kind: 'text' | 'strong' | 'em' | 'strike' | 'code' | 'link' | 'escape';
  from: number;
  to: number;
  /** What is left when the marks are hidden. */
  innerFrom: number;
  innerTo: number;
  /** Where a link goes; empty for anything else. */
  href: string;
  children: Span[];
}

/** Lines longer than this are shown as they are: reading them for marks would take too long. */
const LONGEST_LINE = 4000;

/** Splits a text into lines. */
export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let fence = '';
  let from = 0;
  while (from <= text.length) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    const line = readLine(text.slice(from, Math.min(to, from + 400)), from, to, fence);
    if (line.block === 'fence') fence = fence === '' ? line.sign : '';
    lines.push(line);
    if (end < 0) break;
    from = to + 1;
  }
  return lines;
}

/** `head` is the start of the line; marks stand nowhere else. */
function readLine(head: string, from: number, to: number, fence: string): Line {
  const line = (block: Block, marks = 0, level = 0, sign = ''): Line => ({
    from,
    to,
    block,
    level,
    textFrom: Math.min(to, from + marks),
    sign,
  });
  const mark = /^ {0,3}(`{3,}|~{3,})/.exec(head)?.[1] ?? '';
  if (fence !== '') {
    return mark !== '' && mark[0] === fence[0] && mark.length >= fence.length ? line('fence', 0, 0, mark) : line('code');
  }
  if (mark !== '') return line('fence', 0, 0, mark);
  if (from === to || head.trim() === '') return line('blank');
  const heading = /^(#{1,6})[ \t]+/.exec(head);
  if (heading) return line('heading', heading[0].length, heading[1]?.length ?? 1);
  if (/^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(head)) return line('rule');
  const bullet = /^([ \t]*)[-*+][ \t]+(?:\[([ xX])\][ \t]+)?/.exec(head);
  if (bullet) return line('bullet', bullet[0].length, depth(bullet[1]), (bullet[2] ?? '').toLowerCase());
  const number = /^([ \t]*)(\d{1,9}[.)])[ \t]+/.exec(head);
  if (number) return line('number', number[0].length, depth(number[1]), number[2] ?? '');
  const quote = /^>[ \t]?/.exec(head);
  if (quote) return line('quote', quote[0].length);
  return line('text');
}

function depth(indent: string | undefined): number {
  const width = (indent ?? '').replaceAll('\t', '    ').length;
  return Math.min(4, Math.floor(width / 2));
}

/** Reads the marks within `text[from..to]`. */
export function readSpans(text: string, from: number, to: number): Span[] {
  if (to - from > LONGEST_LINE) return [piece('text', from, to)];
  return spans(text, from, to, 0);
}

function piece(kind: Span['kind'], from: number, to: number, inner?: [number, number], children: Span[] = [], href = ''): Span {
  const [innerFrom, innerTo] = inner ?? [from, to];
  return { kind, from, to, innerFrom, innerTo, href, children };
}

function spans(text: string, from: number, to: number, nesting: number): Span[] {
  const out: Span[] = [];
  let plain = from;
  let i = from;
  const push = (span: Span): void => {
    if (span.from > plain) out.push(piece('text', plain, span.from));
    out.push(span);
    plain = i = span.to;
  };
  while (i < to) {
    const found = nesting < 6 ? spanAt(text, i, from, to, nesting) : null;
    if (found) push(found);
    else i++;
  }
  if (plain < to) out.push(piece('text', plain, to));
  return out;
}

const OPEN_ADDRESS = /https?:\/\/[^\s<>"'`|]+/iy;

function spanAt(text: string, at: number, from: number, to: number, nesting: number): Span | null {
  switch (text[at]) {
    case '\\':
      return at + 1 < to && /[\\`*_~[\]()#+\-.!>|]/.test(text[at + 1] ?? '') ? piece('escape', at, at + 2, [at + 1, at + 2]) : null;
    case '`': {
      const ticks = run(text, at, to);
      for (let i = at + ticks; i < to; i++) {
        if (text[i] !== '`') continue;
        const closing = run(text, i, to);
        if (closing === ticks) return piece('code', at, i + ticks, [at + ticks, i]);
        i += closing - 1;
      }
      return null;
    }
    case '*':
    case '_':
    case '~':
      return emphasis(text, at, from, to, nesting);
    case '[': {
      const match = /^\[([^[\]\n]{1,1000})\]\(\s*([^\s()<>]{1,2000})\s*\)/.exec(text.slice(at, Math.min(to, at + 3100)));
      if (!match) return null;
      const inner: [number, number] = [at + 1, at + 1 + (match[1] ?? '').length];
      return piece('link', at, at + match[0].length, inner, spans(text, inner[0], inner[1], nesting + 1), match[2] ?? '');
    }
    case 'h':
    case 'H': {
      if (at > from && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return null;
      OPEN_ADDRESS.lastIndex = at;
      const address = OPEN_ADDRESS.exec(text)?.[0].replace(/[.,;:!?)\]*_]+$/, '') ?? '';
      return address === '' || at + address.length > to ? null : piece('link', at, at + address.length, undefined, [], address);
    }
    default:
      return null;
  }
}

function run(text: string, at: number, to: number): number {
  let end = at;
  while (end < to && text[end] === text[at]) end++;
  return end - at;
}

function emphasis(text: string, at: number, from: number, to: number, nesting: number): Span | null {
  const sign = text[at] ?? '';
  const length = Math.min(2, run(text, at, to));
  if (sign === '~' && length < 2) return null;
  const start = at + length;
  if (start >= to || /\s/.test(text[start] ?? ' ')) return null;
  if (sign === '_' && at > from && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return null;
  const mark = sign.repeat(length);
  for (let i = text.indexOf(mark, start + 1); i >= 0 && i + length <= to; i = text.indexOf(mark, i + 1)) {
    if (/[\s\\]/.test(text[i - 1] ?? ' ')) continue;
    if (length === 1 && (text[i + 1] === sign || text[i - 1] === sign)) continue;
    if (sign === '_' && i + length < to && /[\p{L}\p{N}]/u.test(text[i + length] ?? '')) continue;
    const kind = sign === '~' ? 'strike' : length === 2 ? 'strong' : 'em';
    return piece(kind, at, i + length, [start, i], spans(text, start, i, nesting + 1));
  }
  return null;
}
