/** A stretch of days, both of which belong to it, as `YYYY-MM-DD`. */
export interface Period {
  from: string;
  to: string;
}

/** A period that can be chosen by name. */
export interface NamedPeriod extends Period {
  id: string;
  name: string;
}

const two = (n: number) => String(n).padStart(2, '0');
const day = (year: number, month: number, date: number): string => {
  const at = new Date(Date.UTC(year, month, date));
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
};

/** The periods that people ask for most, as of a day (`YYYY-MM-DD`): the last whole months and quarters, and the year so far. */
export function periods(today: string): NamedPeriod[] {
  const [year = 1970, month = 1] = today.split('-').map(Number);
  const m = month - 1;
  const quarter = Math.floor(m / 3) * 3;
  return [
    { id: 'half', name: 'Last six months', from: day(year, m - 5, 1), to: day(year, m + 1, 0) },
    { id: 'month', name: 'This month', from: day(year, m, 1), to: day(year, m + 1, 0) },
    { id: 'last-month', name: 'Last month', from: day(year, m - 1, 1), to: day(year, m, 0) },
    { id: 'quarter', name: 'This quarter', from: day(year, quarter, 1), to: day(year, quarter + 3, 0) },
    { id: 'last-quarter', name: 'Last quarter', from: day(year, quarter - 3, 1), to: day(year, quarter, 0) },
    { id: 'year', name: 'This year', from: day(year, 0, 1), to: day(year, 12, 0) },
    { id: 'last-year', name: 'Last year', from: day(year - 1, 0, 1), to: day(year, 0, 0) },
  ];
}

/** Says what is wrong with two typed days, or nothing. */
export function periodProblem({ from, to }: Period): string {
  if (from === '' || to === '') return 'Both days are needed.';
  return from > to ? 'The first day is after the last one.' : '';
}
