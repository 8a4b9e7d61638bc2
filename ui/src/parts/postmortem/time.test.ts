import { expect, test } from 'vitest';

import { clockTime, dayOf, elapsed, figure, isAbout, isSpan, longDay, sameDay, timesBefore, typed, zoneLabel } from './time';

const at = '2026-11-10T15:05:00Z';

test('instants in the zone of the postmortem', () => {
  expect(clockTime(at, 'Europe/Berlin')).toBe('16:05');
  expect(longDay(at, 'Europe/Berlin')).toBe('10 Nov 2026');
  expect(dayOf('2026-11-10T23:30:00Z', 'Europe/Berlin', at)).toBe('11 Nov');
  expect(sameDay('2026-11-10T22:30:00Z', '2026-11-10T23:30:00Z', 'Europe/Berlin')).toBe(false);
  expect(clockTime('nonsense', 'Europe/Berlin')).toBe('–');
});

test('zones by the name that people use', () => {
  expect(zoneLabel('Europe/Berlin', at)).toBe('CET');
  expect(zoneLabel('Europe/Berlin', '2026-07-10T15:05:00Z')).toBe('CEST');
  expect(zoneLabel('America/New_York', at)).toBe('EST');
  expect(zoneLabel('UTC', at)).toBe('UTC');
  expect(zoneLabel('Mars/Olympus', at)).toBe('Mars/Olympus');
});

test('time since the start', () => {
  const since = (minutes: number) => elapsed(new Date(Date.parse(at) + minutes * 60_000).toISOString(), at);
  expect([0, 4, 59, 65, 18 * 60 + 5, 3000, -3].map(since)).toEqual(['0', '+4', '+59', '+1:05', '+18 h', '+2 d', '−3']);
});

test('a figure says when it is an estimate or unknown', () => {
  expect([figure(1200, false), figure(1200, true), figure(null, true)]).toEqual(['20 min', 'About 20 min', 'unknown']);
});

test('a moment as one would type it again', () => {
  const moment = { at, zone: 'Europe/Berlin', precision: 'about' as const };
  expect(typed(moment, 'Europe/Berlin', at)).toBe('about 16:05');
  expect(typed(moment, 'Europe/Berlin', null)).toBe('about 2026-11-10 16:05');
  expect(typed({ ...moment, at: '2026-11-10T15:05:09Z', precision: 'exact' }, 'Europe/Berlin', at)).toBe('16:05:09');
  expect(typed(null, 'Europe/Berlin', at)).toBe('');
});

test('a time with words after it, the longest time first', () => {
  expect(timesBefore('16:05 Rosa: Dashboard')).toEqual([
    { time: '16:05 Rosa', front: '16:05 Rosa: ' },
    { time: '16:05', front: '16:05 ' },
  ]);
  expect(timesBefore('16:05, Rosa').map((one) => one.time)).toEqual(['16:05']);
  expect(timesBefore('about 16:05 500 errors').at(-1)).toEqual({ time: 'about 16:05', front: 'about 16:05 ' });
  expect(timesBefore('Rosa sees it')).toEqual([]);
  expect(timesBefore('16:05')).toEqual([]);
});

test('while it is typed, a word that may belong to the time stays with it', () => {
  const typing = (text: string) => timesBefore(text, true).map((one) => one.time);
  expect([typing('16:05 yesterday '), typing('16:05 on '), typing('16:05 CET '), typing('16:05 20 Nov ')]).toEqual([[], [], [], []]);
  expect(typing('16:05 Rosa ')).toEqual(['16:05']);
});

test('what counts from another instant', () => {
  expect(['about 2:30', 'approx 2:30', 'approximately 2:30', '~2:30', 'ca. 2:30'].every(isAbout), 'all that the backend reads').toBe(true);
  expect(isAbout('2:30')).toBe(false);
  expect(['+5m', 'about -10 min', '~+1h'].map(isSpan)).toEqual([true, true, true]);
  expect(['16:05', 'about 16:05', '2026-11-10 16:05'].map(isSpan)).toEqual([false, false, false]);
});
