/**
 * Evidence of action items that was typed and not kept. It lives in this page's memory: going to another screen loses none of it,
 * and nothing may close the page without asking.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { ActionRow } from '@bindings';
import { cut } from '../../base/cut';
import { setUnsavedWork } from '../../state/unsaved.svelte';
import { rowKey } from './groups';

interface Draft {
  words: string;
  /** The evidence that it was to take the place of. */
  instead: string;
  /** What the item is called where closing the page asks. */
  item: string;
}

const drafts = new SvelteMap<string, Draft>();
const work = {};

function tell(): void {
  const [first] = drafts.values();
  setUnsavedWork(work, first === undefined ? null : drafts.size === 1 ? `What you typed to show that “${first.item}” is done is not kept yet.` : `What you typed to show that ${drafts.size} action items are done is not kept yet.`);
}

/** What was typed for an item and not kept; null for nothing, and where its evidence has changed since. Reactive. */
export function draftOf(row: ActionRow): string | null {
  const draft = drafts.get(rowKey(row));
  return draft === undefined || draft.instead !== row.evidence ? null : draft.words;
}

/** Notes what is typed for an item; the evidence that it has, or nothing, is no draft. */
export function noteDraft(row: ActionRow, words: string): void {
  if (words.trim() === row.evidence.trim()) {
    dropDraft(row);
    return;
  }
  drafts.set(rowKey(row), { words, instead: row.evidence, item: cut(row.text.trim(), 60) });
  tell();
}

/** What was typed for an item is not wanted. */
export function dropDraft(row: ActionRow): void {
  if (drafts.delete(rowKey(row))) tell();
}

/** Lets go of what was typed for items whose evidence is another one by now: it was kept, or somebody else was quicker. */
export function settleDrafts(rows: readonly ActionRow[]): void {
  if (drafts.size === 0) return;
  for (const row of rows) if (draftOf(row) === null) dropDraft(row);
}
