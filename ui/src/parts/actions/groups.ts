import { cut } from '../../base/cut';
import type { ActionGroup, ActionGrouping, ActionRow } from '@bindings';
import { dayNumber, inZone, readDay, weekday } from '../../format';
import type { Day } from '../../format';

/** How a list of action items is grouped. */
export type Grouping = ActionGrouping;
/** Every way to group, with what it is called. */
export const groupings: readonly { value: Grouping; label: string }[] = [
  { value: 'due', label: 'Due date' },
  { value: 'priority', label: 'Priority' },
  { value: 'postmortem', label: 'Postmortem' },
  { value: 'service', label: 'Service' },
  { value: 'owner', label: 'Owner' },
  { value: 'team', label: 'Team' },
];

/** Rows under one heading. */
export interface Group {
  /** Tells one from another. */
  key: string;
  /** The heading. */
  label: string;
  /** Somebody should look. */
  attend: boolean;
  /** The rows in the order in which they came. */
  rows: ActionRow[];
  /** How many it holds, those that have not been asked for yet included. */
  total: number;
}

/** Tells a row from every other: action items of a copied or imported postmortem carry the same ids as those they come from. */
export function rowKey(row: Pick<ActionRow, 'doc' | 'id'>): string {
  return `${row.doc}/${row.id}`;
}

/** Done or declined. */
export function isSettled(row: ActionRow): boolean {
  return row.status === 'done' || row.status === 'declined';
}

/** Done, the day to look again has come, and nobody has said yet whether it worked. */
export function asksWhetherItWorked(row: ActionRow, today: Day): boolean {
  const day = row.check_on === null ? null : readDay(row.check_on);
  return row.status === 'done' && !row.verified && day !== null && dayNumber(day) <= dayNumber(today);
}

/** Due before today and not settled. */
export function isOverdue(row: ActionRow, today: Day): boolean {
  const due = row.due === null ? null : readDay(row.due);
  return due !== null && !isSettled(row) && dayNumber(due) < dayNumber(today);
}

/** Whether a day that is set moves only with a reason: the review is over, and others count on it. */
export function movesWithReason(row: ActionRow): boolean {
  return row.due !== null && !isSettled(row) && (row.doc_status === 'follow_up' || row.doc_status === 'closed');
}

/** What happened to an item since the review: "moved 2×", "moved once, opened again". */
export function recordWords(moves: number, reopened: number): string {
  const times = (n: number) => (n === 1 ? 'once' : `${n}×`);
  return [moves > 0 ? `moved ${times(moves)}` : '', reopened > 0 ? `opened again${reopened > 1 ? ` ${times(reopened)}` : ''}` : ''].filter((part) => part !== '').join(', ');
}

const dueGroups = [
  { key: 'overdue', label: 'Overdue', attend: true },
  { key: 'week', label: 'This week', attend: false },
  { key: 'check', label: 'Did it work?', attend: false },
  { key: 'later', label: 'Later', attend: false },
  { key: 'none', label: 'No date', attend: false },
] as const;

/** Where a row stands by its due day: overdue, this week (until Sunday, or the coming days on a weekend), later, none, done, declined, or done and to be looked at again. */
export function dueGroup(row: ActionRow, today: Day): string {
  if (asksWhetherItWorked(row, today)) return 'check';
  if (isSettled(row)) return row.status;
  const due = row.due === null ? null : readDay(row.due);
  if (due === null) return 'none';
  const away = dayNumber(due) - dayNumber(today);
  if (away < 0) return 'overdue';
  // From Friday on, "this week" without the next one would say little.
  const left = daysLeft(today);
  return away <= (left < 3 ? left + 7 : left) ? 'week' : 'later';
}

/** Days from today until Sunday. */
function daysLeft(today: Day): number {
  return (7 - weekday(today)) % 7;
}

function keyOf(row: ActionRow, by: Grouping, today: Day): { key: string; label: string } {
  if (asksWhetherItWorked(row, today)) return { key: 'check', label: 'Did it work?' };
  if (isSettled(row)) return { key: row.status, label: row.status === 'done' ? 'Done' : 'Accepted risk' };
  switch (by) {
    case 'due': {
      const key = dueGroup(row, today);
      return { key, label: dueGroups.find((group) => group.key === key)?.label ?? '' };
    }
    case 'priority':
      return row.priority === null ? { key: 'z', label: 'No priority' } : { key: row.priority, label: row.priority };
    case 'postmortem':
      return { key: row.doc, label: row.doc_title.trim() === '' ? 'Untitled' : cut(row.doc_title, 200) };
    case 'service':
      return { key: row.services.join(' '), label: '' };
    case 'team':
      return row.team === '' ? { key: '', label: 'No team' } : { key: row.team, label: row.team };
    case 'owner':
      return row.owner === null ? { key: '', label: 'No owner' } : { key: row.owner, label: row.owner_name };
  }
}

/**
 * Puts rows under headings. `staying` holds rows that keep the heading they had (heading's key by `rowKey`) although they changed:
 * what was ticked off stays where it is for a moment. `told` is what the backend said of the groups: what they are called, and how
 * many each holds where not all rows are here.
 */
export function groupActions(rows: readonly ActionRow[], by: Grouping, today: Day, staying: ReadonlyMap<string, string> = new Map(), told: ReadonlyMap<string, ActionGroup> = new Map(), whole = true): Group[] {
  const groups = new Map<string, Group>();
  if (by === 'due') {
    for (const { key, label, attend } of dueGroups) {
      groups.set(key, { key, label: key === 'week' && daysLeft(today) < 3 ? 'This and next week' : label, attend, rows: [], total: 0 });
    }
  } else groups.set('check', { key: 'check', label: 'Did it work?', attend: false, rows: [], total: 0 });
  const settled: Group[] = [
    { key: 'done', label: 'Done', attend: false, rows: [], total: 0 },
    { key: 'declined', label: 'Accepted risk', attend: false, rows: [], total: 0 },
  ];
  for (const row of rows) {
    const own = keyOf(row, by, today);
    const key = staying.get(rowKey(row)) ?? own.key;
    const end = settled.find((group) => group.key === key);
    if (end !== undefined) {
      end.rows.push(row);
      continue;
    }
    let group = groups.get(key);
    if (group === undefined) {
      group = { key, label: own.key === key ? own.label : '', attend: false, rows: [], total: 0 };
      groups.set(key, group);
    }
    if (group.label === '' && own.key === key) group.label = own.label;
    group.rows.push(row);
  }
  const open = [...groups.values()].filter((group) => group.rows.length > 0);
  for (const group of open) {
    if (group.label === '') group.label = told.get(group.key)?.label ?? '';
    if (group.label === '') group.label = by === 'service' && group.key === '' ? 'No service' : by === 'service' ? group.key : 'Just ticked off';
  }
  const compare = (a: string, b: string) => a.toLowerCase().localeCompare(b.toLowerCase());
  open.sort((a, b) => {
    if (by === 'due' || by === 'postmortem') return by === 'postmortem' ? Number(b.key === 'check') - Number(a.key === 'check') : 0;
    if (a.key === 'check' || b.key === 'check') return a.key === 'check' ? -1 : 1;
    if (by === 'priority') return a.key.localeCompare(b.key);
    const last = by === 'owner' ? -1 : 1;
    return a.key === '' ? last : b.key === '' ? -last : compare(a.label, b.label);
  });
  const all = [...open, ...settled.filter((group) => group.rows.length > 0)];
  for (const group of all) group.total = whole ? group.rows.length : Math.max(group.rows.length, told.get(group.key)?.total ?? 0);
  return all;
}

/** How many items are open when none of them is overdue or due this week; 0 when one is. */
export function waitingForLater(groups: readonly Group[]): number {
  if (groups.some((group) => group.key === 'overdue' || group.key === 'week')) return 0;
  return groups.filter((group) => group.key === 'later' || group.key === 'none').reduce((sum, group) => sum + group.rows.length, 0);
}

/** The order of rows as they are under their headings: by due day, none last; settled ones by when they were, newest first. */
export function sortActions(rows: readonly ActionRow[], staying: ReadonlyMap<string, string>): ActionRow[] {
  const open = (row: ActionRow) => {
    const heading = staying.get(rowKey(row));
    return !isSettled(row) || (heading !== undefined && heading !== 'done' && heading !== 'declined');
  };
  const text = (row: ActionRow) => `${row.doc_title}\u0000${String(row.number ?? 0).padStart(6, '0')}\u0000${rowKey(row)}`;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort((a, b) => {
    if (open(a) !== open(b)) return open(a) ? -1 : 1;
    if (open(a)) return compare(a.due ?? '~', b.due ?? '~') || compare(a.priority ?? 'P9', b.priority ?? 'P9') || compare(text(a), text(b));
    return compare(b.settled_at ?? '', a.settled_at ?? '') || compare(text(a), text(b));
  });
}

/** The day something was settled, in this computer's zone. */
export function settledDay(row: ActionRow): Day | null {
  return row.settled_at === null ? null : inZone(row.settled_at, '');
}

/** The first day of the month two months back: "since September" in November. */
export function sinceDay(today: Day): Day {
  const index = today.year * 12 + today.month - 1 - 2;
  return { year: Math.floor(index / 12), month: (index % 12) + 1, day: 1 };
}
