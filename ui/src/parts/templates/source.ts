// The editor of a template's file: CodeMirror with line numbers, Markdown colours, and marks on lines with problems.
// Loaded on demand: the list of templates does not need it.

import { defaultKeymap, history, historyKeymap, insertNewlineKeepIndent, redo, undo } from '@codemirror/commands';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, RangeSet, StateEffect, StateField, type Range } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  GutterMarker,
  WidgetType,
  drawSelection,
  gutterLineClass,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { problemsByLine } from './agenda';

/** A problem in the file, with its line from 1. */
export interface Problem {
  line: number;
  message: string;
}

/** What the screen may do with the editor. */
export interface SourceEditor {
  /** The text now. */
  text(): string;
  /** Replaces the whole text as one edit that can be undone. */
  replace(text: string): void;
  /** Takes back the last edit. False when there is none. */
  undo(): boolean;
  /** Does again what was taken back. */
  redo(): void;
  /** Marks lines and puts each message below its line. */
  mark(problems: Problem[]): void;
  /** Puts the caret at the start of a line, from 1, and shows it. */
  goTo(line: number): void;
  /** The line of the caret, from 1. */
  line(): number;
  focus(): void;
  destroy(): void;
}

/** What the editor starts with and whom it tells. */
export interface SourceEditorOptions {
  parent: HTMLElement;
  text: string;
  /** What is coloured: Markdown, or nothing. */
  language: 'markdown' | 'none';
  /** Read by a screen reader. */
  label: string;
  /** Id of the element that tells what is wrong. */
  describedBy: string;
  changed(text: string): void;
  /** Ctrl/Cmd S. */
  save(): void;
}

class Message extends WidgetType {
  constructor(readonly messages: string[]) {
    super();
  }

  override eq(other: Message): boolean {
    return other.messages.join('\n') === this.messages.join('\n');
  }

  override toDOM(): HTMLElement {
    const box = document.createElement('div');
    box.className = 'cm-problem';
    for (const message of this.messages) {
      const line = document.createElement('p');
      line.textContent = message;
      box.append(line);
    }
    return box;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const markedGutter = new (class extends GutterMarker {
  override elementClass = 'cm-problem-number';
})();

const setProblems = StateEffect.define<Problem[]>();

interface Marks {
  lines: DecorationSet;
  gutter: RangeSet<GutterMarker>;
}

const problemMarks = StateField.define<Marks>({
  create: () => ({ lines: Decoration.none, gutter: RangeSet.empty }),
  update(marks, transaction) {
    let next = transaction.docChanged
      ? { lines: marks.lines.map(transaction.changes), gutter: marks.gutter.map(transaction.changes) }
      : marks;
    for (const effect of transaction.effects) {
      if (!effect.is(setProblems)) continue;
      const { doc } = transaction.state;
      const lines: Range<Decoration>[] = [];
      const gutter: Range<GutterMarker>[] = [];
      for (const [number, messages] of [...problemsByLine(effect.value, doc.lines)].sort((a, b) => a[0] - b[0])) {
        const line = doc.line(number);
        lines.push(Decoration.line({ class: 'cm-problem-line' }).range(line.from));
        lines.push(Decoration.widget({ widget: new Message(messages), block: true, side: 1 }).range(line.to));
        gutter.push(markedGutter.range(line.from));
      }
      next = { lines: Decoration.set(lines, true), gutter: RangeSet.of(gutter) };
    }
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (marks) => marks.lines),
    gutterLineClass.from(field, (marks) => marks.gutter),
  ],
});

const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600', color: 'var(--ink)' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: [tags.comment, tags.processingInstruction, tags.meta, tags.contentSeparator], color: 'var(--ink-3)' },
  { tag: tags.monospace, color: 'var(--ph-response-ink)' },
  { tag: tags.quote, color: 'var(--ink-2)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--fs-13)', backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.62', overscrollBehavior: 'contain' },
  '.cm-content': { padding: '14px 0 40px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 18px 0 10px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--ink-3)', border: 'none', paddingLeft: '8px' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-wash)',
  },
  '.cm-problem-line, .cm-problem-line.cm-activeLine': { backgroundColor: 'var(--attend-wash)' },
  '.cm-problem-number': { color: 'var(--attend-ink) !important', fontWeight: '600' },
  '.cm-problem': {
    padding: '4px 18px 6px 10px',
    fontFamily: 'var(--font)',
    color: 'var(--attend-ink)',
    backgroundColor: 'var(--attend-wash)',
    borderLeft: '2px solid var(--attend)',
  },
  '.cm-problem p': { margin: '0', maxWidth: '68ch', whiteSpace: 'normal' },
});

/** Puts an editor into `parent`. */
export function openSourceEditor(options: SourceEditorOptions): SourceEditor {
  const nonce = document.querySelector<HTMLStyleElement>('style[nonce]')?.nonce ?? '';
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        options.language === 'markdown' ? markdown({ base: markdownLanguage }) : [],
        syntaxHighlighting(colours),
        problemMarks,
        look,
        keymap.of([
          { key: 'Mod-s', run: () => (options.save(), true) },
          // Front matter is indented: a new line begins where the one above does. Tab stays with the page, so that the
          // keyboard is never held captive.
          { key: 'Enter', run: insertNewlineKeepIndent },
          { key: 'Escape', run: () => true, stopPropagation: true },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-describedby': options.describedBy,
          'aria-multiline': 'true',
          tabindex: '0',
          spellcheck: 'false',
          autocapitalize: 'off',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    undo: () => undo(view),
    redo: () => void redo(view),
    replace(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark(problems) {
      view.dispatch({ effects: setProblems.of(problems) });
    },
    goTo(number) {
      const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
      view.focus();
    },
    line: () => view.state.doc.lineAt(view.state.selection.main.head).number,
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
