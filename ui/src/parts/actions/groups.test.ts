import { describe, expect, it } from 'vitest';
import type { ActionRow } from '@bindings';
import { dueGroup, groupActions, isOverdue, movesWithReason, recordWords, rowKey, sinceDay, sortActions, waitingForLater } from './groups';

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
      ['Overdue', 'a'], ['This week', 'bc'], ['Later', 'd'], ['No date', 'e'], ['Done', 'f'], ['Accepted risk', 'g'],
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

describe('what is asked about after it is done', () => {
  const done = { status: 'done', settled_at: '2026-10-17T09:00:00Z' } as const;

  it('stands in a group of its own from the day on, until somebody has answered', () => {
    const rows = [row('a', { due: '2026-11-01' }), row('b', { ...done, check_on: '2026-11-16' }), row('c', { ...done, check_on: '2026-11-17' }), row('d', { ...done, check_on: '2026-11-01', verified: true })];
    const groups = (by: Parameters<typeof groupActions>[1]) => groupActions(rows, by, monday).map((group) => [group.label, group.rows.map((each) => each.id).join('')]);
    expect(groups('due')).toEqual([['Overdue', 'a'], ['Did it work?', 'b'], ['Done', 'cd']]);
    expect(groups('priority'), 'above the groups of every other kind').toEqual([['Did it work?', 'b'], ['No priority', 'a'], ['Done', 'cd']]);
  });
});

describe('groups as the backend told them', () => {
  it('take its names and its counts where not all rows are here', () => {
    const told = new Map([['login mail', { key: 'login mail', label: 'Login, Mail', total: 40 }]]);
    const [group] = groupActions([row('a', { services: ['login', 'mail'] })], 'service', monday, new Map(), told, false);
    expect([group?.label, group?.total]).toEqual(['Login, Mail', 40]);
  });

  it('put teams by name, those of none last', () => {
    const rows = [row('a'), row('b', { team: 'Search' }), row('c', { team: 'Platform' })];
    expect(groupActions(rows, 'team', monday).map((group) => group.label)).toEqual(['Platform', 'Search', 'No team']);
  });
});

describe('a day that was set', () => {
  it('moves with a reason once the review is over', () => {
    expect(movesWithReason(row('a', { due: '2026-11-20', doc_status: 'follow_up' }))).toBe(true);
    expect(movesWithReason(row('a', { due: null, doc_status: 'closed' })), 'a first day moves nothing').toBe(false);
    expect(movesWithReason(row('a', { due: '2026-11-20', doc_status: 'in_review' }))).toBe(false);
  });

  it('says how often it moved', () => {
    expect([recordWords(0, 0), recordWords(1, 0), recordWords(2, 1), recordWords(0, 3)]).toEqual(['', 'moved once', 'moved 2×, opened again', 'opened again 3×']);
  });
});
