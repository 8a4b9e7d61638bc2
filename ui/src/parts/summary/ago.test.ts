import { describe, expect, it } from 'vitest';
import { ago, moment } from './ago';

describe('when something was published', () => {
  it('is told as how long ago it was', () => {
    const now = '2026-11-16T12:00:00Z';
    expect(ago('2026-11-16T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-11-16T11:01:00Z', now)).toBe('59 min ago');
    expect(ago('2026-11-15T12:01:00Z', now)).toBe('23 h ago');
    expect(ago('2026-11-15T12:00:00Z', now)).toBe('1 day ago');
    expect(ago('2026-10-01T12:00:00Z', now), 'a date says more than many days').toBe('');
    expect(ago('2026-11-16T12:01:00Z', now), 'clocks differ').toBe('');
    expect(ago('never', now)).toBe('');
  });

  it('is told with its year in a zone', () => {
    expect(moment('2026-11-16T23:30:00Z', 'Europe/Berlin')).toBe('17 Nov 2026, 00:30');
  });
});
