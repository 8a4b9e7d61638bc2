import { describe, expect, it } from 'vitest';
import { periodProblem, periods } from './periods';

const of = (id: string, today: string) => {
  const found = periods(today).find((period) => period.id === id);
  return `${found?.from} ${found?.to}`;
};

describe('periods', () => {
  it('are whole months, quarters and years in local days', () => {
    expect(of('half', '2026-11-16')).toBe('2026-06-01 2026-11-30');
    expect(of('last-month', '2026-01-31')).toBe('2025-12-01 2025-12-31');
    expect(of('month', '2024-02-29')).toBe('2024-02-01 2024-02-29');
    expect(of('last-quarter', '2026-02-01')).toBe('2025-10-01 2025-12-31');
    expect(of('quarter', '2026-11-16')).toBe('2026-10-01 2026-12-31');
    expect(of('year', '2026-11-16')).toBe('2026-01-01 2026-12-31');
    expect(of('last-year', '2026-11-16')).toBe('2025-01-01 2025-12-31');
  });

  it('say what is wrong with typed days', () => {
    expect(periodProblem({ from: '', to: '2026-01-01' })).toContain('Both');
    expect(periodProblem({ from: '2026-01-02', to: '2026-01-01' })).toContain('after');
    expect(periodProblem({ from: '2026-01-01', to: '2026-01-01' })).toBe('');
  });
});
