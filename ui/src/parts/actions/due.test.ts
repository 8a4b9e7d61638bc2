import { describe, expect, it } from 'vitest';
import { dueText, dueValue, fullDay, readDue } from './due';

// A Monday.
const today = { year: 2026, month: 11, day: 16 };
const read = (text: string) => dueValue(readDue(text, today));

describe('a typed due day', () => {
  it.each([
    ['fri', '2026-11-20'],
    ['Friday', '2026-11-20'],
    ['next fri', '2026-11-27'],
    ['mon', '2026-11-23'],
    ['next monday', '2026-11-23'],
    ['20 nov', '2026-11-20'],
    ['20. November', '2026-11-20'],
    ['nov 20', '2026-11-20'],
    ['Nov 20, 2027', '2027-11-20'],
    ['2026-12-01', '2026-12-01'],
    ['+2w', '2026-11-30'],
    ['+ 10', '2026-11-26'],
    ['in 3 days', '2026-11-19'],
    ['+1m', '2026-12-16'],
    ['today', '2026-11-16'],
    ['Tomorrow', '2026-11-17'],
    ['next week', '2026-11-23'],
    ['eom', '2026-11-30'],
    ['1.12.', '2026-12-01'],
    ['1.12.27', '2027-12-01'],
    ['3 feb', '2027-02-03'],
    ['1 nov', '2026-11-01'],
    ['29 feb 2028', '2028-02-29'],
    ['by fri', '2026-11-20'],
    ['', ''],
    ['none', ''],
  ])('%s means %s', (typed, day) => {
    expect(read(typed)).toBe(day);
  });

  it.each(['soon', 'frog', '20 smarch', '5/6', '2026-13-01', '99999-01-01', '+99999y', '0 nov', 'x'.repeat(10_000)])('%s is not a day', (typed) => {
    expect(readDue(typed, today).type).toBe('unreadable');
  });

  it('proposes what was likely meant', () => {
    const due = readDue('31 nov', today);
    expect(due).toMatchObject({ type: 'unreadable', message: 'November has 30 days. Did you mean 30 Nov or 1 Dec?' });
    expect(due.type === 'unreadable' && due.offers).toEqual([{ year: 2026, month: 11, day: 30 }, { year: 2026, month: 12, day: 1 }]);
    expect(readDue('29 feb 2027', today)).toMatchObject({ message: 'February has 28 days. Did you mean 28 Feb 2027 or 1 Mar 2027?' });
  });

  it('holds over the end of a month and a year', () => {
    expect(dueValue(readDue('+1m', { year: 2027, month: 1, day: 31 }))).toBe('2027-02-28');
    expect(dueValue(readDue('+1d', { year: 2026, month: 12, day: 31 }))).toBe('2027-01-01');
    expect(dueValue(readDue('eom', { year: 2026, month: 12, day: 5 }))).toBe('2026-12-31');
  });
});

describe('a shown due day', () => {
  it.each([
    [{ year: 2026, month: 11, day: 16 }, 'Today'],
    [{ year: 2026, month: 11, day: 17 }, 'Tomorrow'],
    [{ year: 2026, month: 11, day: 18 }, 'Wed 18'],
    [{ year: 2026, month: 11, day: 13 }, '3 days ago'],
    [{ year: 2026, month: 11, day: 30 }, '30 Nov'],
    [{ year: 2027, month: 1, day: 4 }, '4 Jan 2027'],
    [{ year: 2026, month: 5, day: 4 }, '4 May'],
  ])('%o is %s', (day, text) => {
    expect(dueText(day, today)).toBe(text);
  });

  it('is written in full with its weekday', () => {
    expect(fullDay({ year: 2026, month: 11, day: 27 })).toBe('Friday, 27 Nov 2026');
  });
});
