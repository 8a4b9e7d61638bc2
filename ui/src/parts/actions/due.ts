import { dayNumber, dayOfNumber, MONTHS, shortDay, weekday, WEEKDAYS, writeDay } from '../../format';
import type { Day } from '../../format';

/** What was typed for a due day. */
export type Due =
  /** A day. */
  | { type: 'day'; day: Day }
  /** No day. */
  | { type: 'none' }
  /** Not a day, and what would be one; `offers` are days that were likely meant. */
  | { type: 'unreadable'; message: string; offers: readonly Day[] };

const LAST_YEAR = 9999;
const EXAMPLES = 'Try fri, 20 nov, 2026-12-01 or +2w.';

/** Reads what a person types for a day: "fri", "20 nov", "2026-12-01", "+2w", "tomorrow", "in 3 days", "none". Counts from `today`. */
export function readDue(typed: string, today: Day): Due {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ').replace(/^(by|on|due) /, '');
  if (text === '' || text === 'none' || text === 'never' || text === 'no date') return { type: 'none' };
  const from = dayNumber(today);

  if (text === 'today') return { type: 'day', day: today };
  if (text === 'tomorrow' || text === 'tmr') return inDays(from + 1);
  if (text === 'next week') return inDays(nextWeekday(from, 1));
  if (text === 'next month') return inMonths(today, 1);
  if (text === 'end of month' || text === 'eom') return checked(today.year, today.month, lastOf(today.year, today.month), today);

  const ahead = /^(?:\+|in )\s?(\d{1,5}) ?(d|days?|w|weeks?|m|months?|y|years?)?$/.exec(text);
  if (ahead !== null) {
    const n = Number(ahead[1]);
    switch (ahead[2]?.[0]) {
      case 'w':
        return inDays(from + 7 * n);
      case 'm':
        return inMonths(today, n);
      case 'y':
        return inMonths(today, 12 * n);
      default:
        return inDays(from + n);
    }
  }

  const named = /^(next )?([a-z]{2,9})$/.exec(text);
  if (named !== null) {
    const at = byStart(WEEKDAYS, named[2] ?? '', 2);
    if (at >= 0) {
      const next = nextWeekday(from, at);
      // "Next Friday" said on a Monday means the one after this week's.
      const sameWeek = Math.floor((next + 3) / 7) === Math.floor((from + 3) / 7);
      return inDays(named[1] !== undefined && sameWeek ? next + 7 : next);
    }
  }

  const iso = /^(\d{4,6})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso !== null) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);

  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th|\.)? ?([a-z]{3,9})\.?,?(?: (\d{4}))?$/.exec(text);
  const monthFirst = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$/.exec(text);
  const words = dayFirst !== null ? [dayFirst[1], dayFirst[2], dayFirst[3]] : monthFirst !== null ? [monthFirst[2], monthFirst[1], monthFirst[3]] : null;
  if (words !== null) {
    const month = byStart(MONTHS, words[1] ?? '', 3) + 1;
    if (month === 0) return { type: 'unreadable', message: `“${words[1]}” is not a month. ${EXAMPLES}`, offers: [] };
    return inYear(Number(words[0]), month, words[2], today);
  }

  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?$/.exec(text);
  if (dotted !== null) {
    const year = dotted[3] === undefined || dotted[3].length === 4 ? dotted[3] : `20${dotted[3]}`;
    return inYear(Number(dotted[1]), Number(dotted[2]), year, today);
  }
  if (/^\d{1,2}\/\d{1,2}/.test(text)) {
    return { type: 'unreadable', message: 'Is that the day first or the month? Write 20 nov or 2026-11-20.', offers: [] };
  }
  return { type: 'unreadable', message: `That is not a day. ${EXAMPLES}`, offers: [] };
}

/** A due day as the list shows it: "Today", "Wed 18" within the coming week, "3 days ago", "30 Nov". */
export function dueText(due: Day, today: Day): string {
  const away = dayNumber(due) - dayNumber(today);
  if (away === 0) return 'Today';
  if (away === 1) return 'Tomorrow';
  if (away === -1) return 'Yesterday';
  if (away < 0 && away > -31) return `${-away} days ago`;
  if (away > 0 && away < 7) return `${WEEKDAYS[weekday(due)]?.slice(0, 3) ?? ''} ${due.day}`;
  return shortDay(due, today.year);
}

/** A day in full: "Friday, 27 Nov 2026". */
export function fullDay(day: Day): string {
  return `${WEEKDAYS[weekday(day)] ?? ''}, ${shortDay(day, -1)}`;
}

function inDays(number: number): Due {
  return withinReach(dayOfNumber(number));
}

function inMonths(from: Day, months: number): Due {
  const index = from.year * 12 + from.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return withinReach({ year, month, day: Math.min(from.day, lastOf(year, month)) });
}

function withinReach(day: Day): Due {
  if (day.year > LAST_YEAR) return { type: 'unreadable', message: `That is beyond the year ${LAST_YEAR}.`, offers: [] };
  return { type: 'day', day };
}

/** Without a year the coming one of that name is meant; up to a month back it is this year's. */
function inYear(day: number, month: number, year: string | undefined, today: Day): Due {
  if (year !== undefined) return checked(Number(year), month, day, today);
  const here = checked(today.year, month, day, today);
  if (here.type !== 'day' || dayNumber(here.day) >= dayNumber(today) - 31) return here;
  return checked(today.year + 1, month, day, today);
}

function checked(year: number, month: number, day: number, today: Day): Due {
  if (month < 1 || month > 12) return { type: 'unreadable', message: `There are 12 months, not ${month}. ${EXAMPLES}`, offers: [] };
  if (year > LAST_YEAR) return { type: 'unreadable', message: `That is beyond the year ${LAST_YEAR}.`, offers: [] };
  const last = lastOf(year, month);
  if (day >= 1 && day <= last) return { type: 'day', day: { year, month, day } };
  const offers = day < 1 ? [{ year, month, day: 1 }] : [{ year, month, day: last }, dayOfNumber(dayNumber({ year, month, day: last }) + 1)];
  const names = offers.map((offer) => shortDay(offer, today.year)).join(' or ');
  return { type: 'unreadable', message: `${MONTHS[month - 1]} has ${last} days. Did you mean ${names}?`, offers };
}

function lastOf(year: number, month: number): number {
  return dayOfNumber(dayNumber(month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 }) - 1).day;
}

function nextWeekday(from: number, wanted: number): number {
  const now = (((from + 4) % 7) + 7) % 7;
  return from + (((wanted - now + 7) % 7) || 7);
}

function byStart(names: readonly string[], begin: string, least: number): number {
  if (begin.length < least) return -1;
  return names.findIndex((name) => name.toLowerCase().startsWith(begin));
}

/** The day as the backend takes it, or the empty string for none; null for what is not a day. */
export function dueValue(due: Due): string | null {
  if (due.type === 'unreadable') return null;
  return due.type === 'none' ? '' : writeDay(due.day);
}
