import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from './document.svelte';
import {
  compareInstants,
  instant,
  readActor,
  readAnchor,
  readHeader,
  readImage,
  readMoment,
  readRow,
  readSections,
  timelineOrder,
  writeAnchor,
  writeMoment,
} from './schema';

test('moments and anchors are one value each, and survive bars in a source', () => {
  const moment = { at: '2026-11-10T15:05:00Z', zone: 'Europe/Berlin', precision: 'about' as const };
  expect(writeMoment(moment)).toBe('2026-11-10T15:05:00Z|Europe/Berlin|about');
  expect(readMoment(writeMoment(moment))).toEqual(moment);
  expect(readMoment('')).toBeNull();
  expect(readMoment('yesterday|Europe/Berlin|exact')).toBeNull();
  const anchor = { at: '2026-11-10T15:00:00Z', precision: 'exact' as const, source: 'log | line 3 | host' };
  expect(readAnchor(writeAnchor(anchor))).toEqual(anchor);
  expect(readAnchor('||')).toEqual({ at: null, precision: 'exact', source: '' });
  expect(readAnchor('|unknown|x')).toEqual({ at: null, precision: 'unknown', source: 'x' });
  expect(readMoment('2026-11-10T15:00:00Z|UTC')?.precision).toBe('about');
  expect(readAnchor('')).toBeNull();
});

test('instants are compared to the nanosecond and nonsense is none', () => {
  expect(instant('2026-11-10T15:00:00+00:00')?.ms).toBe(Date.UTC(2026, 10, 10, 15));
  expect(instant('2026-11-10T15:00:00.123456789Z')).toEqual({ ms: Date.UTC(2026, 10, 10, 15, 0, 0, 123), nanos: 456789 });
  expect(instant('2026-11-10')).toBeNull();
  expect(instant('9999-12-31T23:59:59Z')).not.toBeNull();
  expect(instant('0000-01-01T00:00:00Z')).not.toBeNull();
});

test('missing keys and values of another type read as the default', () => {
  const doc = new Y.Doc();
  const root = doc.getMap<Y.Map<unknown>>('actions');
  const row = new Y.Map<unknown>();
  root.set('r', row);
  row.set('owner', 7);
  row.set('due', '2026-02-30');
  row.set('status', 'exploded');
  row.set('number', -3);
  row.set('deleted', 'yes');
  row.set('text', 'a string where a text belongs');
  row.set('from_the_future', { a: 1 });
  expect(readRow('actions', 'r', row)).toEqual({
    id: 'r',
    order: '',
    deleted: false,
    number: null,
    text: 'a string where a text belongs',
    done_when: '',
    owner: null,
    due: null,
    priority: null,
    type: null,
    status: 'open',
    settled_at: null,
    evidence: '',
    reason: '',
    verified: null,
    verified_note: '',
    moves: [],
    reopened: [],
    evidence_image: null,
    evidence_skipped: false,
    check_on: null,
    ticket: '',
    visibility: 'company',
  });
});

test('the header reads flat keys and section heads', () => {
  const doc = new Y.Doc();
  const meta = doc.getMap<unknown>('meta');
  meta.set('severity', 'SEV2');
  meta.set('service:login', true);
  meta.set('service:gone', false);
  meta.set('tag:night', true);
  meta.set('section:b', 'a2 When this goes well');
  meta.set('section:a', 'a1 Summary');
  meta.set('section:c', '');
  expect(readHeader(meta)).toMatchObject({ severity: 'SEV2', status: 'draft', services: ['login'], tags: ['night'], reviewOwner: null });
  expect(readSections(meta).map((section) => [section.id, section.title])).toEqual([['a', 'Summary'], ['b', 'When this goes well']]);
});

test('actors and images', () => {
  expect(readActor('participant:p1')).toEqual({ type: 'participant', value: 'p1' });
  expect(readActor('role:On-call: night')).toEqual({ type: 'role', value: 'On-call: night' });
  expect(readActor('Customers')).toEqual({ type: 'role', value: 'Customers' });
  expect(readActor('')).toBeNull();
  const hash = 'a'.repeat(64);
  expect(readImage(`${hash}|CPU | load`)).toEqual({ hash, alt: 'CPU | load' });
  expect(readImage('../../etc/passwd|x')).toBeNull();
});

test('events stand by time; one without a time stays behind its neighbour', () => {
  const at = (clock: string) => ({ at: `2026-11-10T${clock}:00Z`, zone: 'UTC', precision: 'exact' as const });
  const rows = [
    { id: 'u0', order: 'a0', at: null },
    { id: 'late', order: 'a1', at: at('16:20') },
    { id: 'u1', order: 'a2', at: null },
    { id: 'early', order: 'a3', at: at('16:00') },
    { id: 'u2', order: 'a4', at: null },
    { id: 'same', order: 'a25', at: at('16:20') },
  ];
  expect(timelineOrder(rows).map((row) => row.id)).toEqual(['u0', 'early', 'u2', 'late', 'u1', 'same']);
});

test('what the document writes is what it reads', () => {
  const one = new PostmortemDocument();
  const person = { id: 'p-1', name: 'Mei', title: 'Engineer' };
  const finding = one.add('a finding', 'findings', { texts: { text: 'Customers noticed first' }, fields: { kind: 'risk', theme: 'monitoring' } });
  const action = one.add('an action', 'actions', { texts: { text: 'Watch the host' }, fields: { priority: 'P1', due: '2026-11-25' }, links: (id) => [[finding, id]] });
  one.assign('the owner', action, 'owner', person);
  const event = one.add('an event', 'timeline', { fields: { at: { at: '2026-11-10T15:00:00Z', zone: 'Europe/Berlin', precision: 'exact' }, actor: { type: 'role', value: 'Customers' }, image: null } });
  one.link('a link', event, finding, true);
  one.setFlat('a service', 'service', 'login', true);
  one.setAnchor('an anchor', 't0', { at: '2026-11-10T15:00:00Z', precision: 'about', source: 'posts' });
  const two = new PostmortemDocument();
  Y.applyUpdate(two.ydoc, Y.encodeStateAsUpdate(one.ydoc));
  expect(two.row('findings', finding)).toMatchObject({ events: [event], actions: [action] });
  expect(two.row('findings', finding)?.data).toMatchObject({ text: 'Customers noticed first', kind: 'risk', theme: 'monitoring' });
  expect(two.row('actions', action)?.data).toMatchObject({ owner: 'p-1', due: '2026-11-25', priority: 'P1' });
  expect(two.row('actions', action)?.findings).toEqual([finding]);
  expect(two.rows('participants').map((row) => row.data)).toMatchObject([{ person: 'p-1', name: 'Mei', role: 'observer', title: 'Engineer' }]);
  expect(two.row('timeline', event)?.data).toEqual(one.row('timeline', event)?.data);
  expect(two.header.services).toEqual(['login']);
  expect(two.anchors.t0).toEqual({ at: '2026-11-10T15:00:00Z', precision: 'about', source: 'posts' });
});

test('long texts and values are read whole, as the backend reads them', () => {
  const document = new PostmortemDocument();
  const title = 'é'.repeat(600_000);
  document.titleText.insert(0, title);
  expect(document.title).toBe(title);
  const theme = 'é'.repeat(3000);
  const finding = document.add('a finding', 'findings', { fields: { theme } });
  expect(document.row('findings', finding)?.data.theme).toBe(theme);
});

test('a leap second is an instant, after the last second and before the next minute', () => {
  const times = ['2016-12-31T23:59:59.999999999Z', '2016-12-31T23:59:60Z', '2016-12-31T23:59:60.5Z', '2017-01-01T00:00:00Z'].map(instant);
  for (const [i, time] of times.entries()) {
    expect(time).not.toBeNull();
    const next = times[i + 1];
    if (time && next) expect(compareInstants(time, next)).toBeLessThan(0);
  }
  expect(instant('2016-12-31T23:59:61Z')).toBeNull();
  expect(instant('2016-12-31T23:59:59.1+01:00')).toEqual({ ms: Date.parse('2016-12-31T22:59:59.100Z'), nanos: 0 });
});
