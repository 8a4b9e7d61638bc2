/**
 * What is not yet known to be durable, wherever in the page it was written: edits of documents on their way, and work
 * that only a person can save. It lives in this page's memory, so nothing may close it without asking.
 */
import { openDialog } from './dialogs.svelte';

/** How long leaving waits for edits that are on their way before it asks. In milliseconds. */
export const PATIENCE = 2000;

// Not reactive themselves: a screen that goes would read them as they were before the next screen added to them.
const waiting = new Map<object, number>();
const works = new Map<object, string>();
let version = $state.raw({});
const waiters = new Set<() => void>();
/** The person has said that the page may go. */
let agreed = false;

/** How many edits are not yet stored. Reactive. */
export function unsaved(): number {
  void version;
  let sum = 0;
  for (const edits of waiting.values()) sum += edits;
  return sum;
}

/** Notes how many edits one document still has to store. */
export function setUnsaved(source: object, edits: number): void {
  if ((waiting.get(source) ?? 0) === edits) return;
  if (edits > 0) waiting.set(source, edits);
  else waiting.delete(source);
  version = {};
  if (waiting.size === 0) for (const each of [...waiters]) each();
}

/** Notes work that is kept only when the person saves it, with the sentence that says so; null once it is kept or given up. */
export function setUnsavedWork(source: object, sentence: string | null): void {
  if ((works.get(source) ?? null) === sentence) return;
  if (sentence === null) works.delete(source);
  else works.set(source, sentence);
  version = {};
}

/** Whether closing the page would lose anything. Reactive. */
export function anythingUnsaved(): boolean {
  void version;
  return waiting.size > 0 || works.size > 0;
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
  agreed = false;
  if ((await stored()) && works.size === 0) return true;
  const ask = (work: string | null) => new Promise<boolean>((answer) => openDialog('unsaved', { ...question, work, answer }));
  if (unsaved() > 0 && !(await ask(null))) return false;
  if (works.size > 0 && !(await ask([...works.values()].join(' ')))) return false;
  agreed = true;
  return true;
}

/** Whether the person has agreed to lose what is not saved, when they were last asked. */
export function agreedToLose(): boolean {
  return agreed;
}

/** The page goes on purpose, and what is not stored is kept for the next one. */
export function letGo(): void {
  agreed = true;
}

/** The page stays after all: the next time, it asks again. */
export function stayed(): void {
  agreed = false;
}

window.addEventListener('beforeunload', (event) => {
  if (anythingUnsaved() && !agreed) event.preventDefault();
});
