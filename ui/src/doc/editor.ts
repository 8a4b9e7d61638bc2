/**
 * The editor of a collaborative text: CodeMirror bound to a Y.Text, with Markdown shown as it will read while it is
 * written. Marks are hidden except on the line that is being edited. Loaded only when somebody starts to write.
 */
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { EditorSelection, EditorState, type Extension, Prec, RangeSet, StateEffect, StateField, type Transaction, type TransactionSpec } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  placeholder,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import { ySync, ySyncFacet, YSyncConfig } from 'y-codemirror.next';
import * as Y from 'yjs';

import { type Line, readLines, readSpans, type Span } from './markdown';
import type { Presence } from './presence.svelte';
import type { Undo } from './undo';

/** A text that is offered while typing. */
export interface Offer {
  /** What is shown. */
  label: string;
  /** What is written. */
  insert: string;
  /** A word at the right edge. */
  detail: string;
}

/** What an editor is made with. */
export interface EditorOptions {
  parent: HTMLElement;
  text: Y.Text;
  undo: Undo;
  presence: Presence | null;
  /** Hue 1 to 8 of a person. */
  hue: (person: string) => number;
  label: string;
  describedBy?: string;
  /** Shown while the text is empty. */
  placeholder?: string;
  /** One line: Enter is done, and pasted line ends become spaces. */
  single: boolean;
  /** No marks are read: a title. */
  plain?: boolean;
  /** Where the cursor starts: a point on the screen, or an end of the text; null leaves the focus where it is. */
  at: { x: number; y: number } | 'start' | 'end' | 'all' | null;
  /** The editor got the focus. */
  focus?: () => void;
  /** Offered after `@` (people) and `#` (findings and action items). */
  offers?: (sign: '@' | '#', query: string) => Offer[];
  /** Enter in a single line. */
  enter?: () => void;
  /** Escape, or Ctrl/Cmd Enter. */
  done: (how: 'escape' | 'done') => void;
  /** Backspace in an empty text. */
  erase?: () => void;
  blur: () => void;
  undoKey: () => void;
  redoKey: () => void;
  /** The text is another one now: whoever looks at wording is told. */
  changed?: (text: string) => void;
  /** Something was cut off or could not be taken; a sentence. */
  notice: (sentence: string) => void;
}

/** A mounted editor. */
export interface MountedEditor {
  focus(): void;
  blur(): void;
  /** Marks words, so that what is typed next takes their place. */
  select(from: number, to: number): void;
  destroy(): void;
  /** Underlines words that a wording hint or a concern is about. Typing moves the lines along; changed words lose theirs. */
  underline(places: readonly { from: number; to: number }[]): void;
}

/** A paste longer than this is cut; in UTF-16 units. */
const LONGEST_PASTE = 1_000_000;
/** A paste goes into the document in pieces of this size, so that no single update is too large. */
const PASTE_PIECE = 100_000;
/** A cursor's flag fades after this long at rest; in milliseconds. */
const FLAG_REST = 2000;
/** Marks input that has been cleaned. */
const CLEANED = 'input.paste.cleaned';

/** Mounts an editor. */
export function mountEditor(options: EditorOptions): MountedEditor {
  const { text, undo, presence, single } = options;
  const sync = new YSyncConfig(text, presence?.awareness ?? null);
  undo.follow(text, sync);
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: text.toString(),
      extensions: [
        EditorView.cspNonce.of(document.querySelector<HTMLStyleElement>('style[nonce]')?.nonce ?? ''),
        EditorState.lineSeparator.of('\n'),
        Prec.highest(keymap.of(ownKeys(options))),
        options.offers ? completion(options.offers) : [],
        keymap.of(defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter' && binding.mac !== 'Mod-Enter')),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-multiline': String(!single),
          spellcheck: 'true',
          autocapitalize: 'sentences',
          autocorrect: 'on',
          ...(options.describedBy ? { 'aria-describedby': options.describedBy } : {}),
        }),
        options.placeholder ? placeholder(options.placeholder) : [],
        EditorState.transactionFilter.of((transaction) => cleaned(transaction, single)),
        ySyncFacet.of(sync),
        ySync,
        options.plain ? [] : formatting(single),
        options.plain ? [] : underlined,
        presence ? remoteCursors(sync, presence, options.hue) : [],
        EditorView.domEventHandlers({
          paste: (event, editor) => paste(event, editor, single, options.notice),
          beforeinput: (event) => {
            if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false;
            event.preventDefault();
            if (event.inputType === 'historyUndo') options.undoKey();
            else options.redoKey();
            return true;
          },
          focus: () => {
            options.focus?.();
            return false;
          },
          blur: () => {
            presence?.cursor(null);
            options.blur();
          },
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.changed?.(update.state.doc.toString());
          if (update.docChanged && update.transactions.some((t) => t.isUserEvent('input') || t.isUserEvent('delete'))) presence?.typed();
        }),
      ],
    }),
  });
  if (options.at !== null) place(view, options.at);
  return {
    focus: () => {
      view.focus();
    },
    blur: () => {
      view.contentDOM.blur();
    },
    select: (from, to) => {
      const end = view.state.doc.length;
      view.dispatch({ selection: EditorSelection.range(Math.min(from, end), Math.min(to, end)), scrollIntoView: true });
    },
    underline: (places) => {
      view.dispatch({ effects: underline.of(places) });
    },
    destroy: () => {
      undo.unfollow(sync);
      presence?.cursor(null);
      view.destroy();
    },
  };
}

const underline = StateEffect.define<readonly { from: number; to: number }[]>();

/** Lines under words that are to be looked at. */
const underlined = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    let next = lines.map(transaction.changes);
    if (transaction.docChanged) {
      // Words that are being changed are no longer those that were looked at.
      const touched: number[] = [];
      transaction.changes.iterChangedRanges((_from, _to, from, to) => touched.push(from, to));
      next = next.update({ filter: (from, to) => !touched.some((at) => at >= from && at <= to) });
    }
    for (const effect of transaction.effects) {
      if (!effect.is(underline)) continue;
      const end = transaction.newDoc.length;
      const marks = effect.value
        .filter(({ from, to }) => from >= 0 && from < to && to <= end)
        .map(({ from, to }) => Decoration.mark({ class: 'wording' }).range(from, to));
      next = Decoration.set(marks, true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function place(view: EditorView, at: NonNullable<EditorOptions['at']>): void {
  const end = view.state.doc.length;
  if (at === 'all') view.dispatch({ selection: EditorSelection.range(0, end) });
  else {
    const position = at === 'start' ? 0 : at === 'end' ? end : (view.posAtCoords(at, false) ?? end);
    view.dispatch({ selection: EditorSelection.cursor(position) });
  }
  view.focus();
}

function ownKeys(options: EditorOptions): Parameters<typeof keymap.of>[0] {
  const run = (action: () => void) => () => {
    action();
    return true;
  };
  return [
    { key: 'Mod-z', run: run(options.undoKey), preventDefault: true },
    { key: 'Mod-Shift-z', run: run(options.redoKey), preventDefault: true },
    { key: 'Mod-y', run: run(options.redoKey), preventDefault: true },
    { key: 'Mod-Enter', run: run(() => { options.done('done'); }) },
    {
      key: 'Escape',
      run: (view) => {
        // An open list of offers takes the first Escape.
        if (view.dom.querySelector('.cm-tooltip-autocomplete')) return false;
        options.done('escape');
        return true;
      },
    },
    {
      key: 'Enter',
      run: (view) => {
        if (view.dom.querySelector('.cm-tooltip-autocomplete')) return false;
        if (!options.single) return nextItem(view);
        options.enter?.();
        return true;
      },
      shift: () => options.single,
    },
    {
      key: 'Backspace',
      run: (view) => {
        if (view.state.doc.length > 0 || !options.erase) return false;
        options.erase();
        return true;
      },
    },
    { key: 'Mod-b', run: (view) => wrap(view, '**') },
    { key: 'Mod-i', run: (view) => wrap(view, '*') },
    { key: 'Mod-e', run: (view) => wrap(view, '`') },
  ];
}

/** Enter in a list begins the next item; in an empty item it ends the list. */
function nextItem(view: EditorView): boolean {
  const { main } = view.state.selection;
  if (!main.empty) return insertNewlineAndIndent(view);
  const line = view.state.doc.lineAt(main.head);
  const match = /^([ \t]*)(?:([-*+])|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?/.exec(line.text);
  if (!match) return insertNewlineAndIndent(view);
  if (line.text.length === match[0].length) {
    view.dispatch({ changes: { from: line.from, to: line.to, insert: '' }, userEvent: 'delete' });
    return true;
  }
  if (main.head - line.from < match[0].length) return insertNewlineAndIndent(view);
  const sign = match[2] ?? `${String(Number(match[3] ?? '0') + 1)}${match[4] ?? '.'}`;
  const insert = `\n${match[1] ?? ''}${sign}${match[5] ?? ' '}${match[6] ? '[ ] ' : ''}`;
  view.dispatch({
    changes: { from: main.head, insert },
    selection: EditorSelection.cursor(main.head + insert.length),
    scrollIntoView: true,
    userEvent: 'input',
  });
  return true;
}

/** Puts marks around the selection, or takes them away. */
function wrap(view: EditorView, mark: string): boolean {
  const { from, to } = view.state.selection.main;
  const { doc } = view.state;
  const around = doc.sliceString(from - mark.length, from) === mark && doc.sliceString(to, to + mark.length) === mark;
  view.dispatch(
    around
      ? { changes: [{ from: from - mark.length, to: from }, { from: to, to: to + mark.length }], userEvent: 'input' }
      : {
          changes: [{ from, insert: mark }, { from: to, insert: mark }],
          selection: EditorSelection.range(from + mark.length, to + mark.length),
          userEvent: 'input',
        },
  );
  return true;
}

// What may come in.

/** Line ends of other systems, half characters and control characters, which no text here needs. */
function clean(words: string, single: boolean): string {
  let out = words.replace(/\r\n?/g, '\n').replace(/[\u2028\u2029]/g, '\n');
  out = out.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  out = out.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return single ? out.replace(/\s*\n\s*/g, ' ') : out;
}

/** What is typed, dropped or pasted, without what does not belong in a text. */
function cleaned(transaction: Transaction, single: boolean): TransactionSpec | Transaction {
  if (!transaction.docChanged || !transaction.isUserEvent('input') || transaction.isUserEvent(CLEANED)) return transaction;
  let dirty = false;
  let shift = 0;
  const { head } = transaction.newSelection.main;
  const changes: { from: number; to: number; insert: string }[] = [];
  transaction.changes.iterChanges((from, to, _fromB, toB, inserted) => {
    const words = inserted.sliceString(0, inserted.length, '\n');
    // The two halves of one character may come one after the other from an input method; they are left alone.
    const good = words.length === 1 ? words.replace(/[\r\n]/, single ? ' ' : '\n') : clean(words, single);
    if (good !== words) dirty = true;
    changes.push({ from, to, insert: good });
    if (toB <= head) shift += good.length - words.length;
  });
  return dirty ? { changes, selection: EditorSelection.cursor(head + shift), userEvent: CLEANED, scrollIntoView: true } : transaction;
}

function paste(event: ClipboardEvent, view: EditorView, single: boolean, notice: (sentence: string) => void): boolean {
  const raw = event.clipboardData?.getData('text/plain') ?? '';
  if (raw.length <= PASTE_PIECE) return false;
  event.preventDefault();
  let words = clean(raw.slice(0, LONGEST_PASTE), single);
  if (raw.length > LONGEST_PASTE) notice(`Only the first ${LONGEST_PASTE.toLocaleString('en')} characters were pasted; the rest is still on the clipboard.`);
  view.dispatch({ ...view.state.replaceSelection(''), userEvent: CLEANED });
  while (words !== '') {
    let end = Math.min(PASTE_PIECE, words.length);
    if (end < words.length && /[\ud800-\udbff]/.test(words[end - 1] ?? '')) end--;
    const at = view.state.selection.main.head;
    view.dispatch({
      changes: { from: at, insert: words.slice(0, end) },
      selection: EditorSelection.cursor(at + end),
      userEvent: CLEANED,
    });
    words = words.slice(end);
  }
  return true;
}

// Offers.

function completion(offers: NonNullable<EditorOptions['offers']>): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    const before = context.matchBefore(/(?:^|[\s(])[@#][\p{L}\p{N}._-]*/u);
    if (!before) return null;
    const start = before.text.search(/[@#]/);
    const sign = before.text[start] === '@' ? '@' : '#';
    const found = offers(sign, before.text.slice(start + 1));
    if (found.length === 0) return null;
    return {
      from: before.from + start,
      filter: false,
      options: found.slice(0, 9).map((offer): Completion => ({ label: offer.label, apply: offer.insert, detail: offer.detail })),
    };
  };
  return autocompletion({ override: [source], icons: false, closeOnBlur: true, interactionDelay: 0, activateOnTypingDelay: 30 });
}

// Live formatting.

const HIDDEN = Decoration.replace({});

class Sign extends WidgetType {
  readonly text: string;
  readonly className: string;

  constructor(text: string, className: string) {
    super();
    this.text = text;
    this.className = className;
  }

  override eq(other: Sign): boolean {
    return other.text === this.text && other.className === this.className;
  }

  override toDOM(): HTMLElement {
    const span = document.createElement('span');
    span.className = this.className;
    span.textContent = this.text;
    span.setAttribute('aria-hidden', 'true');
    return span;
  }
}

/** Class of a line, so that it looks in the editor as it does at rest. */
export function lineClass(line: Line): string {
  switch (line.block) {
    case 'heading':
      return `md-line md-heading md-h${String(line.level)}`;
    case 'bullet':
    case 'number':
      return `md-line md-item md-depth-${String(line.level)}`;
    case 'text':
      return 'md-line';
    default:
      return `md-line md-${line.block}`;
  }
}

function formatting(single: boolean): Extension {
  return ViewPlugin.fromClass(
    class implements PluginValue {
      decorations: DecorationSet;
      lines: Line[] = [];
      words = '';

      constructor(view: EditorView) {
        this.decorations = this.build(view, true);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.selectionSet || update.viewportChanged || update.focusChanged) {
          this.decorations = this.build(update.view, update.docChanged);
        }
      }

      build(view: EditorView, changed: boolean): DecorationSet {
        const { doc, selection } = view.state;
        if (changed) {
          const words = doc.toString();
          this.words = words;
          this.lines = single
            ? [{ from: 0, to: words.length, block: 'text', level: 0, textFrom: 0, sign: '' }]
            : readLines(words);
        }
        const active = (line: Line): boolean => view.hasFocus && selection.ranges.some((r) => r.to >= line.from && r.from <= line.to);
        const parts: { from: number; to: number; value: Decoration }[] = [];
        for (const { from, to } of view.visibleRanges) {
          for (const line of this.lines) {
            if (line.to < from || line.from > to) continue;
            const shown = active(line);
            const name = single ? 'md-line md-single' : lineClass(line);
            parts.push({ from: line.from, to: line.from, value: Decoration.line({ class: shown ? `${name} md-active` : name }) });
            leading(line, shown, parts);
            if (line.block !== 'code' && line.block !== 'fence') {
              for (const span of readSpans(this.words, line.textFrom, line.to)) inline(span, shown, parts);
            }
          }
        }
        return RangeSet.of(parts.map((p) => p.value.range(p.from, p.to)), true);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

function leading(line: Line, shown: boolean, parts: { from: number; to: number; value: Decoration }[]): void {
  if (line.block === 'rule' && !shown && line.to > line.from) {
    parts.push({ from: line.from, to: line.to, value: Decoration.replace({ widget: new Sign('', 'md-rule-line') }) });
    return;
  }
  if (line.textFrom <= line.from) return;
  const range = { from: line.from, to: line.textFrom };
  if (shown) parts.push({ ...range, value: Decoration.mark({ class: line.block === 'bullet' || line.block === 'number' ? 'md-sign md-raw' : 'md-mark' }) });
  else if (line.block === 'bullet') {
    const sign = line.sign === '' ? '•' : line.sign === 'x' ? '☑' : '☐';
    parts.push({ ...range, value: Decoration.replace({ widget: new Sign(sign, 'md-sign') }) });
  } else if (line.block === 'number') parts.push({ ...range, value: Decoration.replace({ widget: new Sign(line.sign, 'md-sign') }) });
  else parts.push({ ...range, value: HIDDEN });
}

function inline(span: Span, shown: boolean, parts: { from: number; to: number; value: Decoration }[]): void {
  if (span.kind === 'text') return;
  if (span.kind !== 'escape' && span.innerTo > span.innerFrom) {
    parts.push({ from: span.innerFrom, to: span.innerTo, value: Decoration.mark({ class: `md-${span.kind}` }) });
  }
  for (const [from, to] of [[span.from, span.innerFrom], [span.innerTo, span.to]] as const) {
    if (to > from) parts.push({ from, to, value: shown ? Decoration.mark({ class: 'md-mark' }) : HIDDEN });
  }
  for (const child of span.children) inline(child, shown, parts);
}

// Other people's cursors.

const cursorsMoved = StateEffect.define<null>();

class Flag extends WidgetType {
  readonly name: string;
  readonly hue: number;
  readonly resting: boolean;
  readonly below: boolean;

  constructor(name: string, hue: number, resting: boolean, below: boolean) {
    super();
    this.name = name;
    this.hue = hue;
    this.resting = resting;
    this.below = below;
  }

  override eq(other: Flag): boolean {
    return other.name === this.name && other.hue === this.hue && other.resting === this.resting && other.below === this.below;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `remote hue-${String(this.hue)}${this.resting ? ' is-resting' : ''}${this.below ? ' is-below' : ''}`;
    caret.setAttribute('aria-hidden', 'true');
    const flag = document.createElement('b');
    flag.textContent = this.name;
    caret.append(flag);
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function remoteCursors(sync: YSyncConfig, presence: Presence, hue: (person: string) => number): Extension {
  return ViewPlugin.fromClass(
    class implements PluginValue {
      decorations: DecorationSet = Decoration.none;
      readonly view: EditorView;
      readonly moved = new Map<number, { where: string; at: number }>();
      timer: ReturnType<typeof setTimeout> | null = null;
      queued = false;
      gone = false;

      constructor(view: EditorView) {
        this.view = view;
        presence.awareness.on('change', this.others);
        this.decorations = this.build();
        this.tell();
      }

      readonly others = (changed: { added: number[]; updated: number[]; removed: number[] }): void => {
        const ids = [...changed.added, ...changed.updated, ...changed.removed];
        if (ids.every((id) => id === presence.awareness.clientID)) return;
        queueMicrotask(() => {
          if (!this.gone) this.view.dispatch({ effects: cursorsMoved.of(null) });
        });
      };

      update(update: ViewUpdate): void {
        const moved = update.transactions.some((t) => t.effects.some((e) => e.is(cursorsMoved)));
        if (moved || update.docChanged || update.selectionSet) this.decorations = this.build();
        if (update.selectionSet || update.focusChanged || update.docChanged) this.tell();
      }

      destroy(): void {
        this.gone = true;
        if (this.timer !== null) clearTimeout(this.timer);
        presence.awareness.off('change', this.others);
      }

      /** Says where this cursor is, after the present update of the view and of the document. */
      tell(): void {
        if (this.queued) return;
        this.queued = true;
        setTimeout(() => {
          this.queued = false;
          if (this.gone || !this.view.hasFocus) return;
          const { anchor, head } = this.view.state.selection.main;
          presence.cursor({ anchor: sync.toYPos(anchor), head: sync.toYPos(head) });
        }, 40);
      }

      build(): DecorationSet {
        const { doc, selection } = this.view.state;
        const mine = doc.lineAt(selection.main.head).number;
        const now = Date.now();
        const parts: { from: number; to: number; value: Decoration }[] = [];
        let next = Infinity;
        for (const cursor of presence.cursors()) {
          const anchor = this.position(cursor.anchor);
          const head = this.position(cursor.head);
          if (anchor === null || head === null) continue;
          const where = JSON.stringify(cursor.head);
          const before = this.moved.get(cursor.client);
          if (before?.where !== where) this.moved.set(cursor.client, { where, at: now });
          const since = now - (before?.where === where ? before.at : now);
          if (since < FLAG_REST) next = Math.min(next, FLAG_REST - since);
          const color = hue(cursor.person);
          if (anchor !== head) {
            parts.push({ from: Math.min(anchor, head), to: Math.max(anchor, head), value: Decoration.mark({ class: `remote-sel hue-${String(color)}` }) });
          }
          const below = doc.lineAt(head).number === mine + 1;
          parts.push({
            from: head,
            to: head,
            value: Decoration.widget({ side: head > anchor ? -1 : 1, widget: new Flag(cursor.name, color, since >= FLAG_REST, below) }),
          });
        }
        if (this.timer !== null) clearTimeout(this.timer);
        this.timer = null;
        if (next < Infinity) {
          this.timer = setTimeout(() => {
            if (!this.gone) this.view.dispatch({ effects: cursorsMoved.of(null) });
          }, next + 20);
        }
        return RangeSet.of(parts.map((p) => p.value.range(p.from, p.to)), true);
      }

      position(relative: unknown): number | null {
        try {
          const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(relative), sync.ytext.doc as Y.Doc);
          if (found === null || found.type !== sync.ytext) return null;
          return Math.min(found.index, this.view.state.doc.length);
        } catch {
          // Somebody's awareness is not ours to trust; a position that cannot be read is no position.
          return null;
        }
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
