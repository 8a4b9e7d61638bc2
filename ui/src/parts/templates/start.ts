// What the editor of a new template starts with, handed over from the list. It is not in the address: files are long.

import { copyOf } from './agenda';

let waiting: string | null = null;

/** Leaves a text for the editor, and lets the editor take it once. */
export const takeStart = {
  /** Leaves a file's text; as a copy it loses its id and gets another name. */
  leave(source: string, asCopy = false): void {
    waiting = asCopy ? copyOf(source) : source;
  },
  /** Takes what was left; `null` when nothing was. */
  take(): string | null {
    const text = waiting;
    waiting = null;
    return text;
  },
};
