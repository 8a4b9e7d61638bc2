import { describe, expect, it } from 'vitest';
import { count, duration, hueOf, huesOf, initials, inZone, readDay, shortDay, weekday, writeDay } from './format';

describe('durations', () => {
  it.each([
    [0, '0 min'], [45, '45 s'], [59.6, '1 min'], [1200, '20 min'], [3600, '1 h'], [5700, '1 h 35'], [11_100, '3 h 05'], [86_400, '1 d'], [97_200, '1 d 3 h'], [-5, '0 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('days', () => {
  it('are read and written', () => {
    expect(readDay('2026-11-10')).toEqual({ year: 2026, month: 11, day: 10 });
    expect(writeDay({ year: 12, month: 1, day: 2 })).toBe('0012-01-02');
    expect(readDay('10.11.2026')).toBeNull();
  });

  it('know their weekday and name', () => {
    expect(weekday({ year: 2026, month: 11, day: 22 })).toBe(0);
    expect(weekday({ year: 1, month: 1, day: 1 })).toBe(1);
    expect(shortDay({ year: 2026, month: 11, day: 10 }, 2026)).toBe('10 Nov');
    expect(shortDay({ year: 2025, month: 11, day: 10 }, 2026)).toBe('10 Nov 2025');
  });

  it('are those of the zone', () => {
    expect(inZone('2026-11-10T23:30:00Z', 'Europe/Berlin')).toEqual({ year: 2026, month: 11, day: 11, time: '00:30' });
    expect(inZone('2026-11-10T23:30:00Z', 'Nowhere/Land')).toMatchObject({ day: 10, time: '23:30' });
    expect(inZone('soon', 'UTC')).toBeNull();
  });
});

describe('people', () => {
  it('have two letters and a hue', () => {
    expect(initials('Cathy Lind')).toBe('Ca');
    expect(initials('  👩‍🚒 Ada')).toBe('👩‍🚒 ');
    expect(initials('')).toBe('');
    expect(hueOf('p1')).toBeGreaterThanOrEqual(1);
    expect(hueOf('p1')).toBeLessThanOrEqual(8);
  });
  it('keep their hue among others, unless somebody who is known for longer has it', () => {
    const ids = Array.from({ length: 8 }, (_, i) => `person ${i}${i * i * 7}`);
    const hues = huesOf(ids);
    expect(new Set(hues.values()).size, 'nobody looks like somebody else').toBe(8);
    for (const [at, id] of ids.entries()) {
      if (!ids.slice(0, at).some((other) => hueOf(other) === hueOf(id))) expect(hues.get(id), `${id} is the first with their own`).toBe(hueOf(id));
    }
    expect(huesOf([...ids, 'the ninth']).size, 'and there is one for everybody').toBe(9);
    expect(huesOf(['a', 'a', 'b']).size, 'who is there twice is one person').toBe(2);
  });
});

it('counts in words', () => {
  expect(count(1, 'item')).toBe('1 item');
  expect(count(2, 'item')).toBe('2 items');
  expect(count(0, 'person', 'people')).toBe('0 people');
});
