/** Moving the rows of one list: by Alt and an arrow, whatever in the row has the focus, or by dragging its handle. */
import type { RowKind } from '@bindings';
import type { Row } from '@ui/doc/document.svelte';
import { toast } from '@ui/state/toasts.svelte';
import { tick } from 'svelte';

import type { PostmortemContext } from './context.svelte';

/**
 * Where a dragged row would land: the index of the row below the gap. Over the lower half of the last row that is the
 * end of the list; every other row is landed on from above.
 */
export function landing(event: Pick<DragEvent, 'clientY'>, row: Pick<DOMRect, 'top' | 'height'>, index: number, count: number): number {
  return index === count - 1 && event.clientY > row.top + row.height / 2 ? count : index;
}

/**
 * Rows that move within the page lose the focus on their way; what had it gets it back before a key is pressed. `order`
 * reads what the rows stand in; it is called while a component is made.
 */
export function keepFocus(order: () => unknown): void {
  $effect.pre(() => {
    order();
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body) return;
    void tick().then(() => {
      if (focused.isConnected && document.activeElement === document.body) focused.focus({ preventScroll: true });
    });
  });
}

/** The keys that move a row, for `aria-keyshortcuts`. */
export const MOVING_KEYS = 'Alt+ArrowUp Alt+ArrowDown';

/** The order of the rows of one kind, as it is changed on the screen. */
export class Reorder<K extends RowKind> {
  readonly #context: PostmortemContext;
  readonly #kind: K;
  readonly #name: (row: Row<K>) => string;
  readonly #across: boolean;
  /** The row that is being dragged; empty when none is. */
  dragged = $state('');
  #over = $state(-1);

  /** `name` is how a row is called at the beginning of a sentence; rows `across` stand side by side. */
  constructor(context: PostmortemContext, kind: K, name: (row: Row<K>) => string, across = false) {
    this.#context = context;
    this.#kind = kind;
    this.#name = name;
    this.#across = across;
  }

  get #rows(): readonly Row<K>[] {
    return this.#context.document.rows(this.#kind);
  }

  /** Puts a row at a place among the rows, keeps the focus and says where it stands. */
  async move(id: string, to: number): Promise<void> {
    const rows = this.#rows;
    const from = rows.findIndex((row) => row.id === id);
    const row = rows[from];
    if (!this.#context.writes || row === undefined || to < 0 || to >= rows.length || to === from) return;
    const focused = document.activeElement;
    const name = this.#name(row);
    const { document: doc } = this.#context;
    const label = `the place of ${name.replace(/^The /, 'the ')}`;
    if (this.#kind !== 'timeline') doc.move(label, this.#kind, id, to);
    else if (!doc.moveEvent(label, id, to)) {
      toast('It stands where its time puts it. To move it, change its time.');
      return;
    }
    await tick();
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    this.#context.say(`${name} is now at place ${String(to + 1)} of ${String(rows.length)}`);
  }

  /** Moves a row by one. */
  step(id: string, by: 1 | -1): void {
    const from = this.#rows.findIndex((row) => row.id === id);
    if (from >= 0) void this.move(id, from + by);
  }

  /** Takes the keys that move a row. True when it was one of them. */
  keys(event: KeyboardEvent, id: string): boolean {
    if (!this.#context.writes || !event.altKey || event.isComposing || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return false;
    event.preventDefault();
    event.stopPropagation();
    this.step(id, event.key === 'ArrowUp' ? -1 : 1);
    return true;
  }

  /** What a row's handle needs for being dragged. */
  handle(id: string, words: string): { draggable: boolean; 'aria-keyshortcuts': string | undefined; ondragstart: (event: DragEvent) => void; ondragend: () => void } {
    const { writes } = this.#context;
    return {
      draggable: writes,
      'aria-keyshortcuts': writes ? MOVING_KEYS : undefined,
      ondragstart: (event) => {
        event.dataTransfer?.setData('text/plain', words);
        this.dragged = id;
      },
      ondragend: () => {
        this.dragged = '';
        this.#over = -1;
      },
    };
  }

  /** A dragged row is over this one. Anything else that is dragged, a file for example, is none of ours. */
  over(event: DragEvent & { currentTarget: HTMLElement }, index: number): void {
    if (this.dragged === '') return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const count = this.#rows.length;
    this.#over = this.#across ? landing({ clientY: event.clientX }, { top: box.left, height: box.width }, index, count) : landing(event, box, index, count);
  }

  /** The dragged row was let go. */
  drop(event: DragEvent): void {
    const id = this.dragged;
    const over = this.#over;
    this.dragged = '';
    this.#over = -1;
    if (id === '' || over < 0) return;
    event.preventDefault();
    const from = this.#rows.findIndex((row) => row.id === id);
    void this.move(id, from < over ? over - 1 : over);
  }

  /** The class of the row beside which the dragged one would land. */
  mark(index: number): string {
    if (this.dragged === '') return '';
    if (this.#over === index) return 'is-dropping-above';
    return this.#over === index + 1 && this.#over === this.#rows.length ? 'is-dropping-below' : '';
  }
}
