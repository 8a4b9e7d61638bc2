/**
 * One postmortem's document as reactive values. Each row, section and header is a value of its own, so that a keystroke
 * redraws one row and nothing else; lists change only when a row comes, goes or moves.
 */
import type { Actor, Anchor, AnchorKey, RowKind } from '@bindings';
import * as Y from 'yjs';

import { newId } from './ids';
import { comparePlaced, keysForPlace } from './order';
import type { Anchors, Copied, Header, HeaderPatch, Patch, RowData, RowTexts, SectionHead, TextName, Who } from './row-types';
import {
  ANCHORS,
  compareInstants,
  fieldValue,
  flatKey,
  HEADER_KEYS,
  instant,
  LINKS,
  linkEnds,
  linkKey,
  META,
  MOVE,
  readAnchors,
  readHeader,
  readRow,
  readSections,
  REOPENED,
  ROW_KINDS,
  ROW_TEXTS,
  sameValue,
  isPostSection,
  sectionText,
  timelineOrder,
  TITLE,
  type Value,
  plain,
  utc,
  writeAnchor,
  writeMove,
  writeReopening,
} from './schema';
import { type KeyChange, LOCAL, ROWS, type Step, Undo, type Undone } from './undo';

const NONE: readonly string[] = [];

/** One row: its own values and the rows that it is linked with. */
export class Row<K extends RowKind = RowKind> {
  readonly kind: K;
  readonly id: string;
  /** The row's values. Replaced when one of them changes. */
  data = $state.raw() as RowData[K];
  /** Timeline events of a finding, in timeline order. */
  events: readonly string[] = $state.raw(NONE);
  /** Findings of an event or an action item, in their order. */
  findings: readonly string[] = $state.raw(NONE);
  /** Action items of a finding, in their order. */
  actions: readonly string[] = $state.raw(NONE);
  /** Helpers of an action item, by id. */
  helpers: readonly string[] = $state.raw(NONE);
  /** How often other people have changed it since the document was opened. */
  touched = 0;

  constructor(kind: K, id: string, data: RowData[K]) {
    this.kind = kind;
    this.id = id;
    this.data = data;
  }
}

/** One text section. */
export class Section {
  readonly id: string;
  /** Heading as the template had it. */
  title: string = $state('');
  /** Markdown. */
  text: string = $state('');
  order = '';

  constructor(head: SectionHead, text: string) {
    this.id = head.id;
    this.title = head.title;
    this.order = head.order;
    this.text = text;
  }
}

/** The visible rows of one kind. */
class List<K extends RowKind> {
  rows: readonly Row<K>[] = $state.raw([]);
  readonly byId = new Map<string, Row<K>>();
}

type Lists = { readonly [K in RowKind]: List<K> };

/** Collects what an edit replaces. Values that would not change are left alone. */
class Writer {
  readonly changes: KeyChange[] = [];

  set(map: Y.Map<unknown>, key: string, value: Value, free?: () => boolean): void {
    const before = map.get(key);
    if (sameValue(before, value)) return;
    map.set(key, value);
    const known: Value =
      typeof before === 'string' || typeof before === 'number' || typeof before === 'boolean' ? before : null;
    this.changes.push(free ? { map, key, before: known, after: value, free } : { map, key, before: known, after: value });
  }

  /** Notes a change that was made otherwise. */
  note(change: KeyChange): void {
    this.changes.push(change);
  }
}

/** A new row's content. */
export interface NewRow<K extends RowKind> {
  fields?: Patch<K>;
  texts?: Partial<Record<RowTexts[K], string>>;
  /** Place among the visible rows by order key; absent for the end. */
  index?: number;
  /** The row stands right after this one by order key; wins over `index`. */
  after?: string;
  /** Links of the new row, made from its id. */
  links?: (id: string) => [string, string][];
  /** Owner of a new action item; becomes a participant unless they are one. */
  owner?: Copied;
}

/** A postmortem's document. */
export class PostmortemDocument {
  readonly ydoc: Y.Doc;
  readonly undoing: Undo;
  /** Whether whoever sits here may edit; where they may not, every edit is left undone. */
  allows: () => boolean = () => true;
  title: string = $state('');
  header: Header = $state.raw({
    severity: null,
    status: 'draft',
    timezone: '',
    template: '',
    reviewOwner: null,
    services: [],
    tags: [],
    schema: 1,
  });
  anchors: Anchors = $state.raw({});
  /** The page's text sections, in their order. */
  sections: readonly Section[] = $state.raw([]);
  /** The texts of the post for customers that have been begun; they are no part of the page. */
  postSections: readonly Section[] = $state.raw([]);
  canUndo = $state(false);
  canRedo = $state(false);
  /** Goes up with every change of the document, whoever made it. */
  version = $state(0);

  readonly #lists: Lists = {
    timeline: new List(),
    findings: new List(),
    actions: new List(),
    impact: new List(),
    parking: new List(),
    participants: new List(),
  };
  readonly #roots: Record<RowKind, Y.Map<Y.Map<unknown>>>;
  readonly #meta: Y.Map<unknown>;
  readonly #anchorMap: Y.Map<unknown>;
  readonly #links: Y.Map<unknown>;
  readonly #titleText: Y.Text;
  readonly #rowOf = new WeakMap<object, Row>();
  readonly #sectionOf = new Map<Y.Text, Section>();
  readonly #random: () => number;
  #changes = 0;

  /** `random` gives numbers in [0, 1). */
  constructor(ydoc: Y.Doc = new Y.Doc(), random: () => number = Math.random) {
    this.ydoc = ydoc;
    this.#random = random;
    this.#meta = ydoc.getMap(META);
    this.#anchorMap = ydoc.getMap(ANCHORS);
    this.#links = ydoc.getMap(LINKS);
    this.#titleText = ydoc.getText(TITLE);
    const root = (kind: RowKind): Y.Map<Y.Map<unknown>> => ydoc.getMap(kind);
    this.#roots = {
      timeline: root('timeline'),
      findings: root('findings'),
      actions: root('actions'),
      impact: root('impact'),
      parking: root('parking'),
      participants: root('participants'),
    };
    this.undoing = new Undo(ydoc, [this.#titleText], () => {
      this.canUndo = this.undoing.canUndo;
      this.canRedo = this.undoing.canRedo;
    });
    this.#readAll();
    ydoc.on('afterTransaction', this.#afterTransaction);
  }

  /** Stops listening and lets the document go. */
  destroy(): void {
    this.undoing.destroy();
    this.ydoc.off('afterTransaction', this.#afterTransaction);
    this.ydoc.destroy();
  }

  // Reading.

  /** The visible rows of a kind, in their order. */
  rows<K extends RowKind>(kind: K): readonly Row<K>[] {
    return this.#list(kind).rows;
  }

  /** A visible row. */
  row<K extends RowKind>(kind: K, id: string): Row<K> | undefined {
    const row = this.#list(kind).byId.get(id);
    return row && !row.data.deleted ? row : undefined;
  }

  /** A row whether it is visible or hidden. */
  anyRow<K extends RowKind>(kind: K, id: string): Row<K> | undefined {
    return this.#list(kind).byId.get(id);
  }

  /** The title's text, for an editor. */
  get titleText(): Y.Text {
    return this.#titleText;
  }

  /** A section's text, for an editor. */
  sectionText(id: string): Y.Text {
    return this.ydoc.getText(sectionText(id));
  }

  /** A row's text, for an editor; null where another program made the row without it. */
  rowText<K extends RowKind>(kind: K, id: string, name: RowTexts[K]): Y.Text | null {
    const text = this.#roots[kind].get(id)?.get(name);
    return text instanceof Y.Text ? text : null;
  }

  /** The text that somebody's cursor stands in; null for a cursor that cannot be read. */
  textAt(relative: unknown): Y.Text | null {
    try {
      const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(relative), this.ydoc);
      return found !== null && found.type instanceof Y.Text ? found.type : null;
    } catch {
      // What others send about their cursors is not checked by anybody else.
      return null;
    }
  }

  // Editing. Every edit is one transaction and one step of undo.

  /** Changes fields of the header. */
  editHeader(label: string, patch: HeaderPatch): void {
    this.#edit(label, (writer) => {
      for (const [field, value] of Object.entries(patch) as [keyof HeaderPatch, string | null][]) {
        writer.set(this.#meta, HEADER_KEYS[field], value ?? '');
      }
    });
  }

  /** Adds or takes away a service or a tag. */
  setFlat(label: string, kind: 'service' | 'tag', id: string, on: boolean): void {
    this.#edit(label, (writer) => {
      writer.set(this.#meta, flatKey(kind, id), on);
    });
  }

  /** Sets or clears an anchor. One step of undo with `joining`, where that is the newest. */
  setAnchor(label: string, key: AnchorKey, anchor: Anchor | null, joining: Step | null = null): Step | null {
    return this.#edit(
      label,
      (writer) => {
        writer.set(this.#anchorMap, key, writeAnchor(anchor));
      },
      joining,
    );
  }

  /** Changes fields of one row. One step of undo with `joining`, where that is the newest. */
  edit<K extends RowKind>(label: string, kind: K, id: string, patch: Patch<K>, joining: Step | null = null): Step | null {
    return this.#edit(
      label,
      (writer) => {
        this.#write(writer, kind, id, patch);
      },
      joining,
    );
  }

  /** Moves an action item's due day, with the entry that says why; one step of undo. */
  moveDue(label: string, id: string, due: string | null, entry: { by: string | null; reason: string }): Step | null {
    return this.#edit(label, (writer) => {
      const map = this.#roots.actions.get(id);
      const from = this.row('actions', id)?.data.due ?? null;
      if (!map || from === due) return;
      writer.set(map, 'due', due ?? '');
      writer.set(map, `${MOVE}${newId()}`, writeMove({ at: utc(Date.now()), from, to: due, ...entry }));
    });
  }

  /** Opens an action item again that did not work, with the entry that says what was seen; one step of undo. */
  reopen(label: string, id: string, entry: { by: string | null; seen: string }): Step | null {
    return this.#edit(label, (writer) => {
      const map = this.#roots.actions.get(id);
      if (!map) return;
      this.#write(writer, 'actions', id, { status: 'open', settled_at: null, check_on: null, evidence_skipped: false, verified: null });
      writer.set(map, `${REOPENED}${newId()}`, writeReopening({ at: utc(Date.now()), ...entry }));
    });
  }

  /** Adds a row and gives its id; its links and whoever becomes a participant with it are the same step of undo. */
  add<K extends RowKind>(label: string, kind: K, row: NewRow<K>): string {
    let made = '';
    this.#edit(label, (writer) => {
      made = this.#add(writer, kind, row);
      for (const [from, to] of row.links?.(made) ?? []) writer.set(this.#links, linkKey(from, to), true);
    });
    return made;
  }

  /** Hides a row; undo shows it again. Joined with the step that made the row, it was never there. */
  hide(label: string, kind: RowKind, id: string, joining: Step | null = null): Step | null {
    return this.#edit(
      label,
      (writer) => {
        const map = this.#roots[kind].get(id);
        if (map) writer.set(map, 'deleted', true);
      },
      joining,
    );
  }

  /** Puts a row at a place among the visible rows of its kind (counted without it). */
  move(label: string, kind: RowKind, id: string, index: number): void {
    this.#edit(label, (writer) => {
      const others = this.#placed(kind).filter((row) => row.id !== id);
      for (const [row, key] of keysForPlace(others, id, index, this.#random)) {
        const map = this.#roots[kind].get(row);
        if (map) writer.set(map, 'order', key);
      }
    });
  }

  /**
   * Puts an event at a place among the visible events (counted without it). False where its time does not allow that: an
   * event with a time moves among those of the same instant only.
   */
  moveEvent(label: string, id: string, index: number): boolean {
    const rows = this.rows('timeline');
    const moving = rows.find((row) => row.id === id);
    if (moving === undefined) return false;
    const others = rows.filter((row) => row.id !== id);
    const time = timeOf(moving.data);
    if (time !== '') {
      const same = (row: Row<'timeline'> | undefined, order: (sign: number) => boolean): boolean => {
        const when = row === undefined ? null : instant(timeOf(row.data));
        const own = instant(time);
        return when === null || own === null || order(compareInstants(when, own));
      };
      const timed = (row: Row<'timeline'>): boolean => timeOf(row.data) !== '';
      if (!same(others.slice(0, index).findLast(timed), (sign) => sign <= 0) || !same(others.slice(index).find(timed), (sign) => sign >= 0)) return false;
    }
    const placed = this.#placed('timeline').filter((row) => row.id !== id);
    // Right after the row that it follows on the screen; a first one stands before everything.
    const before = others[index - 1];
    this.move(label, 'timeline', id, before === undefined ? 0 : placed.findIndex((row) => row.id === before.id) + 1);
    return true;
  }

  /** Links or unlinks event and finding, finding and action item, or action item and helper. */
  link(label: string, from: string, to: string, on: boolean): void {
    this.#edit(label, (writer) => {
      writer.set(this.#links, linkKey(from, to), on);
    });
  }

  /**
   * Gives an action item an owner or a helper; whoever is not among the participants becomes one, so that a guest who
   * holds this document alone knows their name. An owner helps no longer.
   */
  assign(label: string, action: string, role: 'owner' | 'helper', person: Copied | null): void {
    this.#edit(label, (writer) => {
      if (role === 'owner') {
        this.#write(writer, 'actions', action, { owner: person?.id ?? null });
        if (person && this.row('actions', action)?.helpers.includes(person.id) === true) writer.set(this.#links, linkKey(action, person.id), false);
      } else if (person) writer.set(this.#links, linkKey(action, person.id), true);
      if (person) this.#participant(writer, person);
    });
  }

  /** Replaces a part of a text outside an editor. Positions are UTF-16 units. */
  splice(text: Y.Text, from: number, remove: number, insert: string): void {
    if (!this.allows()) return;
    this.undoing.follow(text);
    this.ydoc.transact(() => {
      const start = Math.max(0, Math.min(from, text.length));
      const length = Math.max(0, Math.min(remove, text.length - start));
      if (length > 0) text.delete(start, length);
      if (insert !== '') text.insert(start, insert);
    }, LOCAL);
  }

  /** Takes back the newest of one's own edits; `within` a text only while it is one of that text. */
  undo(within: Y.Text | null = null): Undone {
    return this.undoing.undo(within);
  }

  /** Takes back one edit, whatever was done after it. */
  takeBack(step: Step): Undone {
    return this.undoing.takeBack(step);
  }

  /** Does the newest undone edit again; `within` a text only while it is one of that text. */
  redo(within: Y.Text | null = null): Undone {
    return this.undoing.redo(within);
  }

  /** Makes a person of the directory a participant, as an observer, unless they are one. */
  join(person: Copied): void {
    this.#edit(`adding ${person.name}`, (writer) => {
      this.#participant(writer, person);
    });
  }

  #list<K extends RowKind>(kind: K): List<K> {
    return this.#lists[kind] as unknown as List<K>;
  }

  #edit(label: string, write: (writer: Writer) => void, joining: Step | null = null): Step | null {
    if (!this.allows()) return null;
    const writer = new Writer();
    this.ydoc.transact(() => {
      write(writer);
    }, ROWS);
    return this.undoing.push(label, writer.changes, joining);
  }

  #write<K extends RowKind>(writer: Writer, kind: K, id: string, patch: Patch<K>): void {
    const map = this.#roots[kind].get(id);
    if (!map) return;
    for (const [field, value] of Object.entries(patch)) writer.set(map, field, fieldValue(field, this.#settled(writer, value)));
  }

  /** The id of the participant that stands for a person; made when there is none. */
  #participant(writer: Writer, person: Copied): string {
    const there = this.rows('participants').find((row) => row.data.person === person.id);
    return there?.id ?? this.#add(writer, 'participants', { fields: { person: person.id, name: person.name, role: 'observer', title: person.title } });
  }

  /** A value as a field holds it: somebody of the directory is held as the participant who stands for them. */
  #settled(writer: Writer, value: unknown): unknown {
    return isPerson(value) ? ({ type: 'participant', value: this.#participant(writer, value.value) } satisfies Actor) : value;
  }

  /** Visible rows in the order of their keys. */
  #placed(kind: RowKind): { id: string; order: string }[] {
    return this.#list(kind)
      .rows.map((row) => ({ id: row.id, order: row.data.order }))
      .sort(comparePlaced);
  }

  #add<K extends RowKind>(writer: Writer, kind: K, row: NewRow<K>): string {
    const id = newId();
    const others = this.#placed(kind);
    const after = row.after === undefined ? -1 : others.findIndex((other) => other.id === row.after);
    const index = after >= 0 ? after + 1 : (row.index ?? others.length);
    const map = new Y.Map<unknown>();
    this.#roots[kind].set(id, map);
    for (const [other, key] of keysForPlace(others, id, index, this.#random)) {
      if (other === id) map.set('order', key);
      else {
        const there = this.#roots[kind].get(other);
        if (there) writer.set(there, 'order', key);
      }
    }
    map.set('deleted', false);
    const texts = row.texts as Partial<Record<TextName, string>> | undefined;
    for (const name of ROW_TEXTS[kind]) {
      const words = texts?.[name] ?? '';
      map.set(name, words === '' ? new Y.Text() : new Y.Text(words));
    }
    const fields = row.owner === undefined ? row.fields : { ...row.fields, owner: row.owner.id };
    for (const [field, value] of Object.entries(fields ?? {})) {
      const encoded = fieldValue(field, this.#settled(writer, value));
      if (!sameValue(encoded, undefined)) map.set(field, encoded);
    }
    if (row.owner !== undefined) this.#participant(writer, row.owner);
    // Taking the row back hides it, unless somebody else has worked on it since.
    writer.note({
      map,
      key: 'deleted',
      before: true,
      after: false,
      free: () => (this.#list(kind).byId.get(id)?.touched ?? 0) === 0,
    });
    return id;
  }

  #readAll(): void {
    this.title = plain(this.#titleText);
    this.header = readHeader(this.#meta);
    this.anchors = readAnchors(this.#anchorMap);
    this.#readSections();
    for (const kind of ROW_KINDS) {
      for (const id of this.#roots[kind].keys()) this.#readRow(kind, id);
      this.#sort(kind);
    }
    this.#readLinks();
  }

  readonly #afterTransaction = (transaction: Y.Transaction): void => {
    if (transaction.changed.size === 0) return;
    const dirty = new Map<RowKind, Set<string>>();
    const mark = (kind: RowKind, id: string): void => {
      let ids = dirty.get(kind);
      if (!ids) dirty.set(kind, (ids = new Set()));
      ids.add(id);
    };
    let links = false;
    for (const [type, keys] of transaction.changed) {
      const changed = type as unknown;
      if (changed === this.#meta) {
        this.header = readHeader(this.#meta);
        this.#readSections();
      } else if (changed === this.#anchorMap) {
        this.anchors = readAnchors(this.#anchorMap);
      } else if (changed === this.#links) {
        links = true;
      } else if (changed === this.#titleText) {
        this.title = plain(this.#titleText);
      } else if (changed instanceof Y.Text && this.#sectionOf.has(changed)) {
        const section = this.#sectionOf.get(changed);
        if (section) section.text = plain(changed);
      } else {
        const kind = ROW_KINDS.find((name) => this.#roots[name] === changed);
        if (kind) {
          for (const key of keys) if (key !== null) mark(kind, key);
          continue;
        }
        const owner: unknown = changed instanceof Y.Text ? changed.parent : changed;
        const row = typeof owner === 'object' && owner !== null ? this.#rowOf.get(owner) : undefined;
        if (!row) continue;
        mark(row.kind, row.id);
        // The number is the backend's own doing and nobody's work.
        const numberAlone = changed === owner && [...keys].every((key) => key === 'number');
        if (!transaction.local && !numberAlone) row.touched++;
      }
    }
    for (const [kind, ids] of dirty) {
      let moved = false;
      for (const id of ids) if (this.#readRow(kind, id)) moved = true;
      if (moved) {
        this.#sort(kind);
        links = true;
      }
    }
    if (links) this.#readLinks();
    this.version = ++this.#changes;
  };

  #readSections(): void {
    const heads = readSections(this.#meta);
    const known = new Map([...this.sections, ...this.postSections].map((section) => [section.id, section]));
    const next = heads.map((head) => {
      const text = this.ydoc.getText(sectionText(head.id));
      const section = known.get(head.id) ?? new Section(head, plain(text));
      section.title = head.title;
      section.order = head.order;
      if (!this.#sectionOf.has(text)) {
        this.#sectionOf.set(text, section);
        this.undoing.follow(text);
      }
      return section;
    });
    const same = (now: readonly Section[], then: readonly Section[]): boolean =>
      now.length === then.length && now.every((section, i) => section === then[i]);
    const page = next.filter((section) => !isPostSection(section.id));
    const post = next.filter((section) => isPostSection(section.id));
    if (!same(page, this.sections)) this.sections = page;
    if (!same(post, this.postSections)) this.postSections = post;
  }

  /** Reads one row again; true when the list it stands in may look different. */
  #readRow<K extends RowKind>(kind: K, id: string): boolean {
    const map: unknown = this.#roots[kind].get(id);
    const list = this.#list(kind);
    if (!(map instanceof Y.Map)) {
      // Somebody else's program removed the row for good.
      return list.byId.delete(id);
    }
    const data = readRow(kind, id, map as Y.Map<unknown>);
    const row = list.byId.get(id);
    if (!row) {
      const made = new Row(kind, id, data);
      list.byId.set(id, made);
      this.#rowOf.set(map, made as unknown as Row);
      return true;
    }
    this.#rowOf.set(map, row as unknown as Row);
    const old = row.data;
    row.data = data;
    if (old.deleted !== data.deleted || old.order !== data.order) return true;
    return kind === 'timeline' && timeOf(old) !== timeOf(data);
  }

  #sort(kind: RowKind): void {
    const list = this.#list(kind) as unknown as List<'timeline'>;
    const visible = [...list.byId.values()].filter((row) => !row.data.deleted);
    if (kind === 'timeline') {
      const ordered = timelineOrder(visible.map((row) => ({ id: row.id, order: row.data.order, at: row.data.at })));
      list.rows = ordered.flatMap((entry) => list.byId.get(entry.id) ?? []);
    } else {
      list.rows = visible.sort((a, b) => comparePlaced(a.data, b.data));
    }
  }

  #readLinks(): void {
    const place = (kind: RowKind): Map<string, number> => new Map(this.#list(kind).rows.map((row, i) => [row.id, i]));
    const at = { timeline: place('timeline'), findings: place('findings'), actions: place('actions') };
    const events = new Map<string, string[]>();
    const actions = new Map<string, string[]>();
    const findings = new Map<string, string[]>();
    const helpers = new Map<string, string[]>();
    const push = (map: Map<string, string[]>, key: string, value: string): void => {
      const values = map.get(key);
      if (values) values.push(value);
      else map.set(key, [value]);
    };
    this.#links.forEach((value, key) => {
      const ends = value === true ? linkEnds(key) : null;
      if (!ends) return;
      const [from, to] = ends;
      if (at.timeline.has(from) && at.findings.has(to)) {
        push(events, to, from);
        push(findings, from, to);
      } else if (at.findings.has(from) && at.actions.has(to)) {
        push(actions, from, to);
        push(findings, to, from);
      } else if (at.actions.has(from)) {
        push(helpers, from, to);
      }
    });
    const sorted = (ids: string[] | undefined, by?: Map<string, number>): readonly string[] => {
      if (!ids) return NONE;
      return by ? ids.sort((a, b) => (by.get(a) ?? 0) - (by.get(b) ?? 0)) : ids.sort();
    };
    for (const row of this.#list('timeline').rows) row.findings = keep(row.findings, sorted(findings.get(row.id), at.findings));
    for (const row of this.#list('findings').rows) {
      row.events = keep(row.events, sorted(events.get(row.id), at.timeline));
      row.actions = keep(row.actions, sorted(actions.get(row.id), at.actions));
    }
    for (const row of this.#list('actions').rows) {
      row.findings = keep(row.findings, sorted(findings.get(row.id), at.findings));
      row.helpers = keep(row.helpers, sorted(helpers.get(row.id)));
    }
  }
}

/** The old list when the new one holds the same, so that nothing is drawn again. */
function keep(old: readonly string[], next: readonly string[]): readonly string[] {
  return old.length === next.length && old.every((id, i) => id === next[i]) ? old : next;
}

function isPerson(value: unknown): value is Extract<Who, { type: 'person' }> {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'person';
}

function timeOf(data: RowData[RowKind]): string {
  const at = 'at' in data ? data.at : null;
  return at && instant(at.at) ? at.at : '';
}
