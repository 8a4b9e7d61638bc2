// The formats of an export, and how much of a long one the preview shows.

/** A format as the list names it. */
export interface Format {
  id: 'md' | 'html' | 'pdf' | 'json' | 'summary-html' | 'summary-pdf' | 'summary-md';
  name: string;
  /** What it is good for, in one line. */
  about: string;
}

/** In the order of the list. */
export const FORMATS: Format[] = [
  { id: 'md', name: 'Markdown', about: 'To edit anywhere and import back' },
  { id: 'html', name: 'Web page', about: 'One file that needs nothing else' },
  { id: 'pdf', name: 'PDF', about: 'The web page on sheets of paper' },
  { id: 'json', name: 'JSON', about: 'Everything, for scripts and keeping' },
  { id: 'summary-html', name: 'Summary, web page', about: 'For those who were not there' },
  { id: 'summary-pdf', name: 'Summary, PDF', about: 'The same on paper' },
  { id: 'summary-md', name: 'Summary, Markdown', about: 'The same to paste into a message' },
];

/** Characters that the preview shows at the most. */
export const PREVIEW_CHARACTERS = 120_000;

/** The start of a text for a preview, cut at a line's end, and how many lines were left out. */
export function boundedText(text: string, limit = PREVIEW_CHARACTERS): { shown: string; linesLeftOut: number } {
  if (text.length <= limit) return { shown: text, linesLeftOut: 0 };
  const lineEnd = text.lastIndexOf('\n', limit);
  // One line that is longer than the limit is cut inside, but never between the halves of a surrogate pair.
  let end = lineEnd > limit / 2 ? lineEnd : limit;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  let lines = 0;
  for (let at = text.indexOf('\n', end); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return { shown: text.slice(0, end), linesLeftOut: Math.max(1, text.endsWith('\n') ? lines - 1 : lines) };
}

/** What was written where, as a sentence. `paths` come from the backend; the first is the file itself. */
export function writtenSentence(paths: string[]): string {
  const [first, ...beside] = paths;
  if (first === undefined) return 'Written.';
  if (beside.length === 0) return `Written to ${first}`;
  return `Written to ${first}, with ${beside.length === 1 ? '1 image' : `${beside.length} images`} beside it`;
}
