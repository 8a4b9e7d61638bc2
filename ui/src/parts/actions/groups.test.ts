import { describe, expect, it } from 'vitest';
import type { ActionRow } from '@bindings';
import { dueGroup, groupActions, isOverdue, rowKey, sinceDay, sortActions, waitingForLater } from './groups';

const monday = { year: 2026, month: 11, day: 16 };

function row(id: string, more: Partial<ActionRow> = {}): ActionRow {
  return {
    doc: 'd', doc_title: 'Login page outage', severity: 'SEV2', trashed: false, id, number: 1, text: id, done_when: '', owner: null, owner_name: '',
    due: null, priority: null, type: null, status: 'open', settled_at: null, evidence: '', team: '', services: [], doc_status: 'in_review', evidence_image: null, evidence_skipped: false, reason: '', check_on: null, moves: 0, reopened: 0, verified: false, ticket: '', findings: [], ...more,
  };
}

describe('groups by due day', () => {
  it('tell overdue, this week, later, none and done', () => {
    const rows = [
      row('a', { due: '2026-11-13' }), row('b', { due: '2026-11-16' }), row('c', { due: '2026-11-22' }), row('d', { due: '2026-11-23' }),
      row('e'), row('f', { due: '2026-11-01', status: 'done', settled_at: '2026-11-10T10:00:00Z' }), row('g', { status: 'declined' }),
    ];
    expect(groupActions(rows, 'due', monday).map((group) => [group.label, group.rows.map((each) => each.id).join('')])).toEqual([
      ['Overdue', 'a'], ['This week', 'bc'], ['Later', 'd'], ['No date', 'e'], ['Done', 'f'], ['Declined', 'g'],
    ]);
    expect(isOverdue(rows[0] as ActionRow, monday)).toBe(true);
    expect(isOverdue(rows[5] as ActionRow, monday)).toBe(false);
  });

  it('look into the next week when this one is nearly over', () => {
    const sunday = { year: 2026, month: 11, day: 22 };
    expect(dueGroup(row('a', { due: '2026-11-27' }), sunday)).toBe('week');
    expect(dueGroup(row('a', { due: '2026-12-04' }), sunday)).toBe('later');
    expect(groupActions([row('a', { due: '2026-11-27' })], 'due', sunday)[0]?.label).toBe('This and next week');
    expect(dueGroup(row('a', { due: '2026-11-23' }), { year: 2026, month: 11, day: 18 })).toBe('later');
  });

  it('count what waits for later only when nothing is due', () => {
    const later = [row('a', { due: '2026-12-24' }), row('b'), row('c', { status: 'done' })];
    expect(waitingForLater(groupActions(later, 'due', monday))).toBe(2);
    expect(waitingForLater(groupActions([...later, row('d', { due: '2026-11-17' })], 'due', monday))).toBe(0);
  });

  it('keep what was just ticked off in its place', () => {
    const rows = [row('a', { due: '2026-11-17', status: 'done', settled_at: '2026-11-16T10:00:00Z' }), row('b', { due: '2026-11-18' })];
    const staying = new Map([['d/a', 'week']]);
    expect(groupActions(sortActions(rows, staying), 'due', monday, staying).map((group) => group.label)).toEqual(['This week']);
    expect(groupActions(sortActions(rows, new Map()), 'due', monday).map((group) => group.label)).toEqual(['This week', 'Done']);
  });
});

it('tells items of a copied postmortem from those they come from', () => {
  const rows = [row('a', { due: '2026-11-17' }), row('a', { due: '2026-11-17', doc: 'copy', status: 'done', settled_at: '2026-11-16T10:00:00Z' })];
  const staying = new Map([['copy/a', 'week']]);
  expect(groupActions(sortActions(rows, staying), 'due', monday, staying).map((group) => group.rows.map(rowKey))).toEqual([['copy/a', 'd/a']]);
  expect(groupActions(sortActions(rows, new Map()), 'due', monday).map((group) => group.rows.map(rowKey))).toEqual([['d/a'], ['copy/a']]);
});

describe('other groups', () => {
  it('are by priority, postmortem and owner', () => {
    const rows = [row('a', { priority: 'P2', owner: 'g', owner_name: 'Greg' }), row('b', { priority: 'P0' }), row('c', { owner: 'c', owner_name: 'Cathy' })];
    expect(groupActions(rows, 'priority', monday).map((group) => group.label)).toEqual(['P0', 'P2', 'No priority']);
    expect(groupActions(rows, 'owner', monday).map((group) => group.label)).toEqual(['No owner', 'Cathy', 'Greg']);
    expect(groupActions(rows, 'postmortem', monday)).toHaveLength(1);
  });
});

it('counts since two months back', () => {
  expect(sinceDay(monday)).toEqual({ year: 2026, month: 9, day: 1 });
  expect(sinceDay({ year: 2026, month: 1, day: 31 })).toEqual({ year: 2025, month: 11, day: 1 });
});
