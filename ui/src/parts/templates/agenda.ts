// What the list and the preview of templates count, and what a new template starts with.

/** Minutes of a meeting of 30, 60 and 90 minutes. */
export type Minutes = [number, number, number];

/** The three lengths of meeting that a template plans for, in minutes. */
export const LENGTHS: Minutes = [30, 60, 90];

/** Sum of the stages' minutes for each length of meeting. */
export function totals(stages: { minutes: number[] }[]): Minutes {
  const sum = (index: number) => stages.reduce((total, stage) => total + (stage.minutes[index] ?? 0), 0);
  return [sum(0), sum(1), sum(2)];
}

/** A note on a plan that does not fit its meeting; `null` when it does. `length` is the meeting's length in minutes. */
export function planNote(total: number, length: number): string | null {
  if (total === 0 || total === length) return null;
  return total > length ? `${total - length} min over` : `${length - total} min free`;
}

/** Where each stage begins, in minutes from the meeting's start; stages of 0 minutes are left out of that meeting. */
export function startsAt(stages: { minutes: number[] }[], length: 0 | 1 | 2): number[] {
  let at = 0;
  return stages.map((stage) => {
    const start = at;
    at += stage.minutes[length] ?? 0;
    return start;
  });
}

/** What a stage captures, in words; empty when nothing. */
export function capturesWords(captures: string): string {
  const words: Record<string, string> = {
    impact: 'Impact',
    timeline: 'Timeline',
    findings: 'Findings',
    actions: 'Action items',
    parking: 'Parking lot',
  };
  return words[captures] ?? '';
}

/** `1 section`, `7 sections · 8 stages`. */
export function shape(sections: number, stages: number): string {
  const part = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;
  return `${part(sections, 'section')} · ${stages === 0 ? 'no meeting' : part(stages, 'stage')}`;
}

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);

/** A file name for a template: its id, or one made from its name. */
export function templateFileName(id: string, name: string): string {
  return `${slug(id) || slug(name) || 'template'}.md`;
}

/** Front matter: its opening line, what is in it, its closing line. */
const FRONT = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?)(\r?\n---[ \t]*(?:\r?\n|$))/;

/**
 * The file of a template as a new one of its own: its `id` line is taken out of the front matter, so that the workspace
 * makes a fresh one from the name, and the name gets "copy" behind it.
 */
export function copyOf(source: string): string {
  const match = FRONT.exec(source);
  if (!match) return source;
  const [whole, open = '', front = '', close = ''] = match;
  const lines = front.split(/\r?\n/).filter((line) => !/^id\s*:/.test(line));
  const named = lines.map((line) =>
    line.replace(/^(name\s*:\s*)(["']?)(.*?)\2\s*$/, (_, key: string, quote: string, name: string) => `${key}${quote}${name} copy${quote}`),
  );
  return open + named.join('\n') + close + source.slice(whole.length);
}

/**
 * The file of a removed template such that storing it as a new one gives it its old id back: an `id` line is put in when
 * its name alone would make another.
 */
export function keepingId(source: string, id: string, name: string): string {
  const match = FRONT.exec(source);
  if (!match) return source;
  const [, open = '', front = ''] = match;
  if (/^id\s*:/m.test(front) || slug(name) === id) return source;
  return `${open}id: ${id}\n${source.slice(open.length)}`;
}

/** Problems by line, so that each line is marked once. Problems beyond the last line belong to the last. */
export function problemsByLine(problems: { line: number; message: string }[], lines: number): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const problem of problems) {
    const line = Math.min(Math.max(1, Math.trunc(problem.line) || 1), Math.max(1, lines));
    const messages = found.get(line) ?? [];
    if (!messages.includes(problem.message)) messages.push(problem.message);
    found.set(line, messages);
  }
  return found;
}
