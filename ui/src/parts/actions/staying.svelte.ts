import { SvelteMap, SvelteSet } from 'svelte/reactivity';

/** How long a ticked row stays where it is, in milliseconds. */
const STAY = 4000;
/** After how many milliseconds a row that somebody is busy with is looked at again. */
const BUSY = 2000;

/** Rows that were ticked off a moment ago: each keeps its place until nobody is busy with it any more. Reactive. */
export class Staying {
  /** The heading's key under which each stays, by `rowKey`. */
  readonly headings = new SvelteMap<string, string>();
  /** Those that are asked nothing more. */
  readonly skipped = new SvelteSet<string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #isBusy: (key: string) => boolean;
  readonly #leaves: (key: string, go: () => void) => void;

  /** `isBusy` says whether somebody is at work in a row; `leaves` is told that a row goes to its own place, and lets it. */
  constructor(isBusy: (key: string) => boolean, leaves: (key: string, go: () => void) => void) {
    this.#isBusy = isBusy;
    this.#leaves = leaves;
  }

  /** Keeps a row under a heading for a moment. */
  stay(key: string, heading: string | undefined): void {
    if (heading !== undefined) this.headings.set(key, heading);
    this.skipped.delete(key);
    this.#wait(key, STAY);
  }

  /** Lets a row go to its own place now. */
  leave(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    if (this.headings.has(key)) this.#leaves(key, () => this.headings.delete(key));
  }

  /** Nothing happens any more by itself. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #wait(key: string, pause: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => (this.#isBusy(key) ? this.#wait(key, BUSY) : this.leave(key)), pause));
  }
}
