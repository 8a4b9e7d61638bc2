/**
 * The key table of a postmortem's document (schema version 1), mirrored from the backend: which root types there are,
 * how values are encoded, and what a missing or unreadable value means. Nothing outside this folder names a key.
 *
 * Values are strings, integers, booleans or null; whatever belongs together is one value. A missing key, or a value of
 * another type, reads as the default; keys that are not known here are left alone.
 */
import type { Actor, Anchor, AnchorKey, DueMove, Image, Moment, Precision, Reopening, RowKind, Verified } from '@bindings';
import * as Y from 'yjs';

import { compareBytes, comparePlaced, type Placed } from './order';
import type {
  ActionData,
  Anchors,
  EventData,
  FindingData,
  Header,
  ImpactData,
  ParkingData,
  ParticipantData,
  RowData,
  SectionHead,
  TextName,
} from './row-types';

/** Root maps of rows. */
export const ROW_KINDS = ['timeline', 'findings', 'actions', 'impact', 'parking', 'participants'] as const satisfies readonly RowKind[];
/** Anchors in the order of the incident's clock. */
export const ANCHOR_KEYS = ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7'] as const satisfies readonly AnchorKey[];
/** Root text of the title. */
export const TITLE = 'title';
/** Root map of the header. */
export const META = 'meta';
/** Root map of the anchors. */
export const ANCHORS = 'anchors';
/** Root map of the links. */
export const LINKS = 'links';
/** Texts that each kind of row is made with. */
export const ROW_TEXTS: Readonly<Record<RowKind, readonly TextName[]>> = {
  timeline: ['text'],
  findings: ['text', 'no_action_reason'],
  actions: ['text', 'done_when', 'evidence', 'reason', 'verified_note'],
  impact: ['text'],
  parking: ['text'],
  participants: [],
};

/** A value as it stands in the document. */
export type Value = string | number | boolean | null;

/** Root text of a section. */
export function sectionText(id: string): string {
  return `sec:${id}`;
}

const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5'] as const;
const STATUSES = ['draft', 'in_review', 'follow_up', 'closed'] as const;
const PHASES = ['detection', 'response', 'remediation', 'analysis', 'readiness'] as const;
const EVENT_KINDS = ['signal', 'observation', 'communication', 'decision', 'change', 'restored'] as const;
const FINDING_KINDS = ['hindered', 'helped', 'surprised', 'luck', 'risk'] as const;
const VISIBILITIES = ['room', 'company', 'customers'] as const;
const PRIORITIES = ['P0', 'P1', 'P2', 'P3'] as const;
const ACTION_TYPES = ['investigate', 'mitigate', 'repair', 'detect', 'prevent', 'process'] as const;
const ACTION_STATUSES = ['open', 'in_progress', 'done', 'declined'] as const;
const ROLES = ['facilitator', 'scribe', 'first_responder', 'responder', 'support', 'stakeholder', 'observer'] as const;

// Reading single values.

function string(map: Y.Map<unknown>, key: string): string {
  const value = map.get(key);
  return typeof value === 'string' ? value : '';
}

function truth(map: Y.Map<unknown>, key: string): boolean {
  return map.get(key) === true;
}

function oneOf<T extends string>(map: Y.Map<unknown>, key: string, words: readonly T[]): T | null {
  const value = map.get(key);
  return words.find((word) => word === value) ?? null;
}

function count(map: Y.Map<unknown>, key: string): number | null {
  const value = map.get(key);
  const whole = typeof value === 'bigint' ? Number(value) : value;
  return typeof whole === 'number' && Number.isInteger(whole) && whole >= 0 && whole <= 0xffff_ffff ? whole : null;
}

function text(map: Y.Map<unknown>, key: string): string {
  const value = map.get(key);
  // A plain string where a text belongs is read, as the backend does, and cannot be edited.
  if (value instanceof Y.Text) return plain(value);
  return typeof value === 'string' ? value : '';
}

/** The characters of a text; embedded objects, which we never write, are left out. */
export function plain(value: Y.Text): string {
  return value.toString();
}

// Instants and other compound values.

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** An instant in a form that sorts like the backend's: milliseconds since 1970, then what is below a millisecond. */
export interface Instant {
  ms: number;
  /** Nanoseconds below the millisecond; a million and more within a leap second, which sorts before the next minute. */
  nanos: number;
}

/** Reads an RFC 3339 instant; null for anything else. */
export function instant(value: string): Instant | null {
  const match = RFC3339.exec(value);
  if (!match) return null;
  const [, day = '', minute = '', second = '', dotted = '', zone = ''] = match;
  const digits = `${dotted.slice(1)}000000000`.slice(0, 9);
  const leap = second === '60';
  const ms = Date.parse(`${day}T${minute}:${leap ? '59.999' : `${second}.${digits.slice(0, 3)}`}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return null;
  return { ms, nanos: leap ? 1_000_000 + Number(digits) : Number(digits.slice(3)) };
}

/** Negative when `a` is the earlier of two instants, positive when it is the later, 0 when they are one. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.nanos - b.nanos;
}

/** An instant as the document holds it: UTC, without a fraction where there is none. */
export function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Splits at the first `parts - 1` bars; the last part may hold more bars. */
function split(value: string, parts: number): string[] {
  const out: string[] = [];
  let rest = value;
  while (out.length < parts - 1) {
    const bar = rest.indexOf('|');
    if (bar < 0) break;
    out.push(rest.slice(0, bar));
    rest = rest.slice(bar + 1);
  }
  out.push(rest);
  return out;
}

/** Reads a moment: `<instant>|<zone>|<exact or about>`. */
export function readMoment(value: string): Moment | null {
  const [at = '', zone = '', precision = ''] = split(value, 3);
  if (!instant(at)) return null;
  return { at, zone, precision: precision === 'exact' ? 'exact' : 'about' };
}

/** Writes a moment; null becomes the empty string. */
export function writeMoment(moment: Moment | null): string {
  return moment ? `${moment.at}|${moment.zone}|${moment.precision === 'about' ? 'about' : 'exact'}` : '';
}

/** Reads an anchor: `<instant or empty>|<precision>|<source>`. */
export function readAnchor(value: string): Anchor | null {
  if (value === '') return null;
  const [at = '', precision = '', source = ''] = split(value, 3);
  const how: Precision = precision === 'about' || precision === 'unknown' ? precision : 'exact';
  return { at: instant(at) ? at : null, precision: how, source };
}

/** Writes an anchor; null becomes the empty string, which reads as missing. */
export function writeAnchor(anchor: Anchor | null): string {
  return anchor ? `${anchor.at ?? ''}|${anchor.precision}|${anchor.source}` : '';
}

/** Reads an actor: `participant:<row>` or `role:<words>`; words without a mark are a role. */
export function readActor(value: string): Actor | null {
  if (value === '') return null;
  if (value.startsWith('participant:')) return { type: 'participant', value: value.slice('participant:'.length) };
  if (value.startsWith('role:')) return { type: 'role', value: value.slice('role:'.length) };
  return { type: 'role', value };
}

/** Writes an actor; null becomes the empty string. */
export function writeActor(actor: Actor | null): string {
  return actor ? `${actor.type}:${actor.value}` : '';
}

/** Reads an image: `<hash>|<what it shows>`. */
export function readImage(value: string): Image | null {
  const [hash = '', alt = ''] = split(value, 2);
  return /^[0-9a-f]{64}$/.test(hash) ? { hash, alt } : null;
}

/** Writes an image; null becomes the empty string. */
export function writeImage(image: Image | null): string {
  return image ? `${image.hash}|${image.alt}` : '';
}

/** Reads a verification: `<person>|<instant>`. */
export function readVerified(value: string): Verified | null {
  const bar = value.lastIndexOf('|');
  const at = value.slice(bar + 1);
  return bar >= 0 && instant(at) ? { by: value.slice(0, bar), at } : null;
}

/** Writes a verification; null becomes the empty string. */
export function writeVerified(verified: Verified | null): string {
  return verified ? `${verified.by}|${verified.at}` : '';
}

/** Prefix of the key of a moved day in an action item's row. */
export const MOVE = 'move:';
/** Prefix of the key of an action item's opening again. */
export const REOPENED = 'reopened:';

/** Reads a moved day: `<instant>|<person>|<day>|<day>|<reason>`; null for anything else, such as an entry that was taken back. */
export function readMove(id: string, value: string): DueMove | null {
  const parts = split(value, 5);
  const [at = '', by = '', from = '', to = '', reason = ''] = parts;
  if (parts.length < 5 || !instant(at)) return null;
  return { id, at, by: by || null, from: isDay(from) ? from : null, to: isDay(to) ? to : null, reason };
}

/** Writes a moved day. */
export function writeMove(entry: Omit<DueMove, 'id'>): string {
  return `${entry.at}|${entry.by ?? ''}|${entry.from ?? ''}|${entry.to ?? ''}|${entry.reason}`;
}

/** Reads an opening again: `<instant>|<person>|<what was seen>`; null for anything else. */
export function readReopening(id: string, value: string): Reopening | null {
  const parts = split(value, 3);
  const [at = '', by = '', seen = ''] = parts;
  return parts.length === 3 && instant(at) ? { id, at, by: by || null, seen } : null;
}

/** Writes an opening again. */
export function writeReopening(entry: Omit<Reopening, 'id'>): string {
  return `${entry.at}|${entry.by ?? ''}|${entry.seen}`;
}

/** The entries of a row whose keys begin with a prefix, by id. */
function collected<T>(map: Y.Map<unknown>, prefix: string, read: (id: string, value: string) => T | null): T[] {
  const found: [string, T][] = [];
  map.forEach((value, key) => {
    if (!key.startsWith(prefix) || typeof value !== 'string') return;
    const id = key.slice(prefix.length);
    const entry = read(id, value);
    if (entry !== null) found.push([id, entry]);
  });
  return found.sort(([a], [b]) => compareBytes(a, b)).map(([, entry]) => entry);
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a string is a real day `YYYY-MM-DD`. */
export function isDay(value: string): boolean {
  const match = DAY.exec(value);
  if (!match) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

// Whole parts.

/** Reads the header. */
export function readHeader(meta: Y.Map<unknown>): Header {
  const flat = (prefix: string): string[] => {
    const found: string[] = [];
    meta.forEach((value, key) => {
      if (value === true && key.startsWith(prefix)) found.push(key.slice(prefix.length));
    });
    return found.sort(compareBytes);
  };
  return {
    severity: oneOf(meta, 'severity', SEVERITIES),
    status: oneOf(meta, 'status', STATUSES) ?? 'draft',
    timezone: string(meta, 'timezone'),
    template: string(meta, 'template'),
    reviewOwner: string(meta, 'review_owner') || null,
    services: flat('service:'),
    tags: flat('tag:'),
    schema: count(meta, 'schema') ?? 1,
  };
}

/** Whether a section is a text of the post for customers, as the model's `customer_post` has them. */
export function isPostSection(id: string): boolean {
  return id === 'post_summary' || id === 'post_happened' || id === 'post_doing';
}

/** Reads the heads of the sections: `section:<id>` → `<order key> <heading>`. */
export function readSections(meta: Y.Map<unknown>): SectionHead[] {
  const heads: SectionHead[] = [];
  meta.forEach((value, key) => {
    if (!key.startsWith('section:') || typeof value !== 'string' || value === '') return;
    const id = key.slice('section:'.length);
    const space = value.indexOf(' ');
    heads.push({
      id,
      order: space < 0 ? '' : value.slice(0, space),
      title: space < 0 ? value : value.slice(space + 1),
    });
  });
  return heads.sort(comparePlaced);
}

/** Reads the anchors. */
export function readAnchors(map: Y.Map<unknown>): Anchors {
  const anchors: Partial<Record<AnchorKey, Anchor>> = {};
  for (const key of ANCHOR_KEYS) {
    const anchor = readAnchor(string(map, key));
    if (anchor) anchors[key] = anchor;
  }
  return anchors;
}

const READERS: { readonly [K in RowKind]: (id: string, row: Y.Map<unknown>) => RowData[K] } = {
  timeline: (id, row): EventData => ({
    ...place(id, row),
    at: readMoment(string(row, 'at')),
    phase: oneOf(row, 'phase', PHASES),
    kind: oneOf(row, 'kind', EVENT_KINDS) ?? 'observation',
    actor: readActor(string(row, 'actor')),
    text: text(row, 'text'),
    source: string(row, 'source'),
    image: readImage(string(row, 'image')),
    star: truth(row, 'star'),
    public: truth(row, 'public'),
    visibility: oneOf(row, 'visibility', VISIBILITIES) ?? 'company',
  }),
  findings: (id, row): FindingData => ({
    ...place(id, row),
    number: count(row, 'number'),
    text: text(row, 'text'),
    kind: oneOf(row, 'kind', FINDING_KINDS) ?? 'hindered',
    phase: oneOf(row, 'phase', PHASES),
    theme: string(row, 'theme'),
    no_action: truth(row, 'no_action'),
    no_action_reason: text(row, 'no_action_reason'),
    visibility: oneOf(row, 'visibility', VISIBILITIES) ?? 'company',
  }),
  actions: (id, row): ActionData => {
    const due = string(row, 'due');
    const settled = string(row, 'settled_at');
    const check = string(row, 'check_on');
    return {
      ...place(id, row),
      number: count(row, 'number'),
      text: text(row, 'text'),
      done_when: text(row, 'done_when'),
      owner: string(row, 'owner') || null,
      due: isDay(due) ? due : null,
      moves: collected(row, MOVE, readMove),
      priority: oneOf(row, 'priority', PRIORITIES),
      type: oneOf(row, 'type', ACTION_TYPES),
      status: oneOf(row, 'status', ACTION_STATUSES) ?? 'open',
      settled_at: instant(settled) ? settled : null,
      evidence: text(row, 'evidence'),
      evidence_image: readImage(string(row, 'evidence_image')),
      evidence_skipped: truth(row, 'evidence_skipped'),
      reason: text(row, 'reason'),
      check_on: isDay(check) ? check : null,
      verified: readVerified(string(row, 'verified')),
      verified_note: text(row, 'verified_note'),
      reopened: collected(row, REOPENED, readReopening),
      ticket: string(row, 'ticket'),
      visibility: oneOf(row, 'visibility', VISIBILITIES) ?? 'company',
    };
  },
  impact: (id, row): ImpactData => ({
    ...place(id, row),
    text: text(row, 'text'),
    value: string(row, 'value'),
    unit: string(row, 'unit'),
    at: readMoment(string(row, 'at')),
    estimate: truth(row, 'estimate'),
  }),
  parking: (id, row): ParkingData => ({
    ...place(id, row),
    text: text(row, 'text'),
    raised_by: readActor(string(row, 'raised_by')),
  }),
  participants: (id, row): ParticipantData => ({
    ...place(id, row),
    person: string(row, 'person') || null,
    name: string(row, 'name'),
    role: oneOf(row, 'role', ROLES) ?? 'observer',
    title: string(row, 'title'),
  }),
};

function place(id: string, row: Y.Map<unknown>): { id: string; order: string; deleted: boolean } {
  return { id, order: string(row, 'order'), deleted: truth(row, 'deleted') };
}

/** Reads one row. */
export function readRow<K extends RowKind>(kind: K, id: string, row: Y.Map<unknown>): RowData[K] {
  return READERS[kind](id, row);
}

// Writing single fields.

/** The value that a field of a row is written as. */
export function fieldValue(field: string, value: unknown): Value {
  switch (field) {
    case 'at':
      return writeMoment(value as Moment | null);
    case 'actor':
    case 'raised_by':
      return writeActor(value as Actor | null);
    case 'image':
    case 'evidence_image':
      return writeImage(value as Image | null);
    case 'verified':
      return writeVerified(value as Verified | null);
    default:
      return value === null || value === undefined ? '' : (value as Value);
  }
}

/** Whether two values mean the same: false, the empty string, null and a missing key do. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (isBlank(a) && isBlank(b));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === '';
}

/** Which key of the header's map a field has. */
export const HEADER_KEYS = {
  severity: 'severity',
  status: 'status',
  timezone: 'timezone',
  reviewOwner: 'review_owner',
} as const;

/** Key of a service or a tag in the header's map. */
export function flatKey(kind: 'service' | 'tag', id: string): string {
  return `${kind}:${id}`;
}

/** Key of a link; both ends are row ids, or a row id and a person's. */
export function linkKey(from: string, to: string): string {
  return `${from}|${to}`;
}

/** The two ends of a link's key. */
export function linkEnds(key: string): [string, string] | null {
  const bar = key.indexOf('|');
  return bar > 0 && bar < key.length - 1 ? [key.slice(0, bar), key.slice(bar + 1)] : null;
}

/**
 * Timeline order: events with a time by (instant, order, id); an event without a time right after the timed event that
 * precedes it in (order, id), or at the start.
 */
export function timelineOrder<T extends Placed & { at: Moment | null }>(rows: readonly T[]): T[] {
  const placed = [...rows].sort(comparePlaced);
  const start: T[] = [];
  const timed: { row: T; when: Instant; after: T[] }[] = [];
  let last: { after: T[] } | null = null;
  for (const row of placed) {
    const when = row.at ? instant(row.at.at) : null;
    if (when) {
      const entry = { row, when, after: [] as T[] };
      timed.push(entry);
      last = entry;
    } else if (last) {
      last.after.push(row);
    } else {
      start.push(row);
    }
  }
  timed.sort((a, b) => compareInstants(a.when, b.when) || comparePlaced(a.row, b.row));
  return [...start, ...timed.flatMap((entry) => [entry.row, ...entry.after])];
}
