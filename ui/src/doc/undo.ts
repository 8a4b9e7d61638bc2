/**
 * Undo and redo of one's own edits, in the order they were made. Texts are undone by Yjs, which leaves other people's
 * words alone. Rows, fields and links are undone by inverse edits: a value goes back only if it is still the one that
 * was set here, so that nobody's later choice is overwritten.
 */
import * as Y from 'yjs';

import { sameValue, type Value } from './schema';

/** Origin of this view's changes to texts that do not come from an editor. */
export const LOCAL = { origin: 'texts of this view' } as const;
/** Origin of this view's changes to rows, fields and links. */
export const ROWS = { origin: 'rows of this view' } as const;

/** One value that was replaced. */
export interface KeyChange {
  readonly map: Y.Map<unknown>;
  readonly key: string;
  readonly before: Value;
  readonly after: Value;
  /** False when taking the change back would take another person's work with it. */
  readonly free?: () => boolean;
}

/** What an undo or a redo did. */
export interface Undone {
  /** Something changed. */
  done: boolean;
  /** What it was: "the due date". Empty for typing. */
  label: string;
  /** Part of it, or all, stayed because another person has changed it since. */
  kept: boolean;
  /** Nothing was done because the next step is not one of the text that was asked about. */
  outside?: boolean;
}

/** One edit that can be taken back by itself, out of its turn. */
export interface Step {
  readonly kind: 'edit';
  readonly label: string;
  readonly changes: readonly KeyChange[];
}

/** Keystrokes that are one step, and the texts that they went into. */
type Typing = { kind: 'text'; texts: Set<Y.Text> };
type Entry = Typing | Step;

/** The value that means "nothing" where `value` stood. */
function blankFor(value: Value): Value {
  return typeof value === 'boolean' ? false : '';
}

/** Two stacks of this view's edits. */
export class Undo {
  readonly #doc: Y.Doc;
  readonly #texts: Y.UndoManager;
  #undo: Entry[] = [];
  #redo: Entry[] = [];
  #running = false;
  readonly #changed: () => void;

  /** `captureTimeout` is in milliseconds: keystrokes closer together than that are one step. */
  constructor(doc: Y.Doc, texts: Y.Text[], changed: () => void = () => undefined, captureTimeout = 500) {
    this.#doc = doc;
    this.#changed = changed;
    this.#texts = new Y.UndoManager(texts, { doc, captureTimeout, trackedOrigins: new Set<unknown>([LOCAL]) });
    this.#texts.on('stack-item-added', (event) => {
      if (this.#running) return;
      if (event.type === 'undo') {
        this.#undo.push({ kind: 'text', texts: new Set(textsOf(event.changedParentTypes)) });
        this.#redo = [];
        this.#changed();
      }
    });
    this.#texts.on('stack-item-updated', (event) => {
      const entry = this.#undo.at(-1);
      if (this.#running || event.type !== 'undo' || entry?.kind !== 'text') return;
      for (const text of textsOf(event.changedParentTypes)) entry.texts.add(text);
    });
  }

  /** Whether there is something to take back. */
  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  /** Whether there is something to do again. */
  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Follows a text from now on; `origin` is the origin that its editor writes with. */
  follow(text: Y.Text, origin?: unknown): void {
    this.#texts.addToScope(text);
    if (origin !== undefined) this.#texts.addTrackedOrigin(origin);
  }

  /** The editor with this origin is gone; what it wrote can still be undone. */
  unfollow(origin: unknown): void {
    this.#texts.removeTrackedOrigin(origin);
  }

  /**
   * Remembers an edit of rows, fields or links that has just been made. It becomes one with `joining` where that is the
   * newest step: a field that is written into bit by bit is one step. Gives the step; null when there is none.
   */
  push(label: string, changes: readonly KeyChange[], joining: Step | null = null): Step | null {
    const joins = joining !== null && this.#undo.at(-1) === joining;
    if (changes.length === 0) return joins ? joining : null;
    this.#texts.stopCapturing();
    this.#texts.clear(false, true);
    this.#redo = [];
    const all = joins ? joined([...joining.changes, ...changes]) : changes;
    const step: Step = { kind: 'edit', label, changes: all };
    if (joins) this.#undo.pop();
    if (all.length > 0) this.#undo.push(step);
    this.#changed();
    return all.length > 0 ? step : null;
  }

  /** The newest step, where it is not typing. */
  get newest(): Step | null {
    const entry = this.#undo.at(-1);
    return entry?.kind === 'edit' ? entry : null;
  }

  /** Takes back one edit, whatever was done after it. False when that has been done already. */
  takeBack(step: Step): Undone {
    const at = this.#undo.indexOf(step);
    if (at < 0) return { done: false, label: step.label, kept: false };
    this.#undo.splice(at, 1);
    const { reversed, kept } = this.#reverse(step.changes);
    if (reversed.length > 0) this.#redo.push({ kind: 'edit', label: step.label, changes: reversed });
    this.#texts.stopCapturing();
    this.#changed();
    return { done: reversed.length > 0, label: step.label, kept };
  }

  /** Takes back the newest of one's own edits that can be taken back; `within` a text only while it is one of that text. */
  undo(within: Y.Text | null = null): Undone {
    return this.#step(this.#undo, this.#redo, within, () => this.#texts.undo(), () => this.#texts.undoStack.length);
  }

  /** Does the newest undone edit again; `within` a text only while it is one of that text. */
  redo(within: Y.Text | null = null): Undone {
    return this.#step(this.#redo, this.#undo, within, () => this.#texts.redo(), () => this.#texts.redoStack.length);
  }

  /** Stops listening. */
  destroy(): void {
    this.#texts.destroy();
  }

  #step(from: Entry[], to: Entry[], within: Y.Text | null, text: () => Y.UndoManager['currStackItem'], left: () => number): Undone {
    let result: Undone = { done: false, label: '', kept: false };
    for (;;) {
      const entry = from.at(-1);
      if (within !== null && !(entry?.kind === 'text' && entry.texts.has(within))) {
        result = { done: false, label: '', kept: false, outside: true };
        break;
      }
      from.pop();
      if (!entry) break;
      if (entry.kind === 'text') {
        this.#running = true;
        const item = text();
        this.#running = false;
        // Yjs skips steps whose words others have deleted; their entries go as well.
        let entries = from.reduce((n, e) => n + (e.kind === 'text' ? 1 : 0), 0);
        for (let i = from.length - 1; i >= 0 && entries > left(); i--) {
          if (from[i]?.kind === 'text') {
            from.splice(i, 1);
            entries--;
          }
        }
        if (!item) continue;
        to.push(entry);
        result = { done: true, label: '', kept: false };
        break;
      }
      const { reversed, kept } = this.#reverse(entry.changes);
      if (reversed.length > 0) to.push({ kind: 'edit', label: entry.label, changes: reversed });
      result = { done: reversed.length > 0, label: entry.label, kept };
      break;
    }
    this.#texts.stopCapturing();
    this.#changed();
    return result;
  }

  /** Sets values back; those of one row go back together or not at all. */
  #reverse(changes: readonly KeyChange[]): { reversed: KeyChange[]; kept: boolean } {
    const groups = new Map<unknown, KeyChange[]>();
    for (const change of changes) {
      // The keys of a root map (header, anchors, links) have nothing to do with each other.
      const group = change.map.parent === null ? `${rootName(this.#doc, change.map)} ${change.key}` : change.map;
      groups.set(group, [...(groups.get(group) ?? []), change]);
    }
    const reversed: KeyChange[] = [];
    let kept = false;
    this.#doc.transact(() => {
      for (const group of groups.values()) {
        const mine = group.every((c) => sameValue(c.map.get(c.key), c.after) && (c.free?.() ?? true));
        if (!mine) {
          kept = true;
          continue;
        }
        for (const change of [...group].reverse()) {
          const before = change.before ?? blankFor(change.after);
          change.map.set(change.key, before);
          reversed.unshift({ ...change, before: change.after, after: before });
        }
      }
    }, ROWS);
    return { reversed: reversed.reverse(), kept };
  }
}

/** The texts among what a transaction has changed. */
function textsOf(changed: ReadonlyMap<unknown, unknown>): Y.Text[] {
  return [...changed.keys()].filter((type) => type instanceof Y.Text);
}

/** Changes of one value after the other as one change; none where it is again what it was. */
function joined(changes: readonly KeyChange[]): KeyChange[] {
  const all: KeyChange[] = [];
  for (const change of changes) {
    const at = all.findIndex((one) => one.map === change.map && one.key === change.key);
    const earlier = all[at];
    if (earlier === undefined) all.push(change);
    else all[at] = { ...earlier, after: change.after };
  }
  return all.filter((one) => !sameValue(one.before ?? blankFor(one.after), one.after));
}

function rootName(doc: Y.Doc, map: Y.Map<unknown>): string {
  for (const [name, type] of doc.share) if (type === (map as unknown)) return name;
  return '';
}
