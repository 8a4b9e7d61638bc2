/**
 * Edits that the browser keeps until the backend has stored them, so that closing the tab on a bad network loses nothing.
 * Each page keeps its own under a key of its own; whoever opens the document next hands in what is left of all of them.
 */
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';

const PREFIX = 'debrief-kept:';

/** What one page keeps of one document. */
export class Kept {
  readonly #storage: Storage;
  readonly #key: string;
  /** Entries that were found, as they were. */
  readonly #found = new Map<string, string>();

  /**
   * `page` tells this page from others that show the same document. `whose` names the person whose edits these are where several
   * people may use one browser, each under an account: nobody hands in another person's.
   */
  constructor(storage: Storage, doc: string, page: string, whose = '') {
    this.#storage = storage;
    const all = `${PREFIX}${doc}:${mark(whose)}`;
    this.#key = all + page;
    for (let at = 0; at < storage.length; at++) {
      const key = storage.key(at);
      const value = key?.startsWith(all) ? storage.getItem(key) : null;
      if (key !== null && value !== null) this.#found.set(key, value);
    }
  }

  /** What earlier pages left, one update each. What cannot be read stays where it is. */
  found(): Uint8Array[] {
    return [...this.#found.values()].flatMap((value) => {
      try {
        const update = fromBase64(value);
        Y.decodeUpdate(update);
        return [update];
      } catch {
        return [];
      }
    });
  }

  /** Keeps these edits in place of what this page kept before. False when the browser does not take them. */
  write(updates: readonly Uint8Array[]): boolean {
    if (updates.length === 0) {
      this.#storage.removeItem(this.#key);
      return true;
    }
    try {
      this.#storage.setItem(this.#key, toBase64(Y.mergeUpdates([...updates])));
      return true;
    } catch {
      return false;
    }
  }

  /** What was found is stored now: it goes, unless the page that keeps it has written more since. */
  handedIn(): void {
    for (const [key, value] of this.#found) {
      if (this.#storage.getItem(key) === value) this.#storage.removeItem(key);
    }
    this.#found.clear();
  }
}

/** Stands before the page's name in the key of somebody's own edits. */
function mark(whose: string): string {
  return whose === '' ? '' : `@${whose}.`;
}

/** The browser's storage for a document; null where it has none or gives none. */
export function keptIn(doc: string, whose = ''): Kept | null {
  try {
    const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return new Kept(localStorage, doc, page, whose);
  } catch {
    return null;
  }
}

/** What the pages of this browser keep of a document, in base64. */
export function keptHere(doc: string): string[] {
  const all = `${PREFIX}${doc}:`;
  try {
    return Object.entries(localStorage).flatMap(([key, value]) => (key.startsWith(all) ? [String(value)] : []));
  } catch {
    return [];
  }
}

/** The postmortems of which this browser keeps edits: anybody's, or one person's. */
export function keptPostmortems(whose = ''): string[] {
  try {
    const theirs = (key: string) => key.startsWith(PREFIX) && key.slice(key.lastIndexOf(':') + 1).startsWith(mark(whose));
    return [...new Set(Object.keys(localStorage).flatMap((key) => (theirs(key) ? [key.slice(PREFIX.length, key.lastIndexOf(':'))] : [])))];
  } catch {
    return [];
  }
}

/** Keeps what pages at another address kept of a document: whoever opens it next hands it in. */
export function takeIn(doc: string, edits: readonly string[]): void {
  try {
    edits.forEach((edit, at) => localStorage.setItem(`${PREFIX}${doc}:moved-${at}`, edit));
  } catch {
    // Then it stays where it came from.
  }
}
