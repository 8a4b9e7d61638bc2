import { SvelteSet } from 'svelte/reactivity';

/** The row of a key on the page. */
export function taskOf(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.task[data-key="${CSS.escape(key)}"]`);
}

/** Whether a row has the focus. */
export function inTask(): boolean {
  return document.activeElement?.closest('.task') !== null;
}

/** The row that has the keys, and the rows that the next key acts on. Reactive. */
export class Selection {
  /** The `rowKey` of the row that has the keys. */
  current = $state('');
  readonly #picked = new SvelteSet<string>();
  /** Where the selection began. */
  #from = '';
  readonly #order: () => readonly string[];
  /** What is selected of the rows that are shown. */
  readonly picked = $derived.by(() => new Set(this.#order().filter((key) => this.#picked.has(key))));

  /** `order` gives the keys of the rows as they are shown. */
  constructor(order: () => readonly string[]) {
    this.#order = order;
  }

  /** The place of the row that has the keys; the first where it is not shown. */
  at(): number {
    return Math.max(0, this.#order().indexOf(this.current));
  }

  /** Gives the keys to the row at a place, or to the nearest there is. */
  focusAt(at: number): void {
    const order = this.#order();
    const key = order[Math.max(0, Math.min(order.length - 1, at))];
    if (key === undefined) return;
    this.current = key;
    const task = taskOf(key);
    // What cannot be ticked off takes the focus at its link.
    (task?.querySelector<HTMLElement>('[data-tick]') ?? task?.querySelector<HTMLElement>('.text a'))?.focus({ preventScroll: true });
    task?.scrollIntoView({ block: 'nearest' });
  }

  /** A row that moved to another heading was drawn anew there: the keys follow it. */
  keep(): void {
    const at = this.#order().indexOf(this.current);
    if (document.activeElement === document.body && at >= 0) this.focusAt(at);
  }

  /** Goes to a row and selects everything between it and where the selection began. */
  extendTo(at: number): void {
    const order = this.#order();
    const begin = order.indexOf(this.#from === '' ? this.current : this.#from);
    const end = Math.max(0, Math.min(order.length - 1, at));
    if (begin >= 0) {
      this.#from = order[begin] ?? '';
      this.#picked.clear();
      for (const key of order.slice(Math.min(begin, end), Math.max(begin, end) + 1)) this.#picked.add(key);
    }
    this.focusAt(end);
  }

  /** Lets go of the selection. */
  clear(): void {
    this.#picked.clear();
    this.#from = '';
  }

  /** What a key acts on: the selection when the row that has the keys is in it, else that row. */
  targets(key: string): readonly string[] {
    return this.picked.has(key) ? this.#order().filter((each) => this.picked.has(each)) : [key];
  }
}
