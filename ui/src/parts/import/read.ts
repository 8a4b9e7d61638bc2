// What is looked at before a file is sent to the backend: its size, its name, and whether it is text at all.

/** Largest Markdown file that is read, in bytes: 16 MiB. */
export const LARGEST_MARKDOWN = 16 * 1024 * 1024;

/** Largest JSON file that is read, in bytes: 64 MiB, as images lie inside. */
export const LARGEST_JSON = 64 * 1024 * 1024;

/** Most files that one drop may bring. */
export const MOST_FILES = 100;

/** What an import needs of a file; a `File` has it. */
export interface Readable {
  name: string;
  /** Bytes. */
  size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const mebibytes = (bytes: number) => {
  const value = bytes / (1024 * 1024);
  return value >= 1024 ? `${(value / 1024).toFixed(1)} GiB` : `${value >= 10 ? Math.round(value) : value.toFixed(1)} MiB`;
};

/** Why a file is not even read, as a sentence; `null` when it may be. */
export function refusalBeforeReading(file: { name: string; size: number }): string | null {
  const json = /\.json$/i.test(file.name);
  if (file.size > (json ? LARGEST_JSON : LARGEST_MARKDOWN)) {
    return `This file has ${mebibytes(file.size)}. ${json ? 'JSON files are read up to 64 MiB here; “debrief import” on the command line reads up to 256 MiB.' : 'Markdown files are read up to 16 MiB.'}`;
  }
  if (!/\.(md|markdown|json)$/i.test(file.name)) {
    return 'Debrief imports the Markdown (.md) and JSON (.json) files that it exports. This is neither.';
  }
  if (file.size === 0) return 'This file is empty.';
  return null;
}

/** The text of a file, or why it has none. Nothing is guessed: text that is not UTF-8 is refused. */
export async function readText(file: Readable): Promise<{ text: string } | { problem: string }> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { problem: 'This file could not be read. It may have been moved, or reading it may not be allowed. Choose it again.' };
  }
  // It may have grown or been emptied since it was chosen.
  const refusal = refusalBeforeReading({ name: file.name, size: bytes.length });
  if (refusal !== null) return { problem: refusal };
  const zero = bytes.subarray(0, 65_536).indexOf(0);
  if (zero !== -1) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return {
      problem: utf16
        ? 'This file is text in UTF-16. Save it as UTF-8 and choose it again.'
        : 'This file is not text, although its name says so.',
    };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `Line ${lineOfFirstBadByte(bytes)} is not UTF-8 text. Save the file as UTF-8 and choose it again.` };
  }
}

/** The line, from 1, on which bytes stop being UTF-8. Lines are tried in halves, so a large file costs little. */
export function lineOfFirstBadByte(bytes: Uint8Array): number {
  const starts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  const good = (until: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, until));
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const end = starts[middle + 1] ?? bytes.length;
    if (good(end)) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** How one file fared, as the list shows it. */
export interface Outcome {
  /** Unique in the list. */
  key: number;
  name: string;
  state: 'reading' | 'made' | 'refused';
  /** The new postmortem, when `made`. */
  doc: string;
  title: string;
  /** What could not be taken as it was. */
  notes: string[];
  /** Why nothing was made. */
  problem: string;
}

/** The sentence that a screen reader hears when all files are through. */
export function summary(outcomes: Outcome[]): string {
  const made = outcomes.filter((one) => one.state === 'made').length;
  const refused = outcomes.filter((one) => one.state === 'refused').length;
  const part = (count: number, words: string) => `${count} ${count === 1 ? 'file' : 'files'} ${words}`;
  if (made + refused === 0) return '';
  if (refused === 0) return `${part(made, 'imported')}.`;
  if (made === 0) return `${part(refused, 'could not be imported')}. Nothing was made.`;
  return `${part(made, 'imported')}, ${part(refused, 'could not be')}.`;
}
