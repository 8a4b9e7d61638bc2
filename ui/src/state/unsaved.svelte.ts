/**
 * Edits that are not yet known to be durable, wherever in the page they were made. They live in this page's memory, so
 * nothing may close it without asking.
 */
import { openDialog } from './dialogs.svelte';

/** How long leaving waits for edits that are on their way before it asks. In milliseconds. */
export const PATIENCE = 2000;

let waiting = $state.raw<ReadonlyMap<object, number>>(new Map());
const waiters = new Set<() => void>();

/** How many edits are not yet stored. Reactive. */
export function unsaved(): number {
  let sum = 0;
  for (const edits of waiting.values()) sum += edits;
  return sum;
}

/** Notes how many edits one document still has to store. */
export function setUnsaved(source: object, edits: number): void {
  if ((waiting.get(source) ?? 0) === edits) return;
  const next = new Map(waiting);
  if (edits > 0) next.set(source, edits);
  else next.delete(source);
  waiting = next;
  if (next.size === 0) for (const each of [...waiters]) each();
}

/** Waits until every edit is stored, at most so many milliseconds; false when some are not. */
export function stored(patience: number = PATIENCE): Promise<boolean> {
  if (unsaved() === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = () => {
      waiters.delete(done);
      clearTimeout(timer);
      resolve(unsaved() === 0);
    };
    const timer = setTimeout(done, patience);
    waiters.add(done);
  });
}

/** What a person is asked when edits would be lost. */
export interface Leaving {
  /** The question. */
  title: string;
  /** The button that goes on all the same. */
  lose: string;
}

/** Whether the page may go: at once when all is stored, else after waiting a little, and then only if the person says so. */
export async function mayLeave(question: Leaving): Promise<boolean> {
  if (await stored()) return true;
  return new Promise((resolve) => openDialog('unsaved', { ...question, answer: resolve }));
}

window.addEventListener('beforeunload', (event) => {
  if (unsaved() > 0) event.preventDefault();
});
