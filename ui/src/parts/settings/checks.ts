// What may stand in the fields of the settings. Each function gives a sentence for the place below the field, or `null`
// when the text is fine.

/** Longest name, short name, handle, address or role title that is taken, in UTF-16 units. */
export const LONGEST_FIELD = 200;

/** Most days that a due-date rule may give: ten years. */
export const MOST_DAYS = 3650;

const tooLong = (text: string, what: string) =>
  text.length > LONGEST_FIELD ? `${what} can have ${LONGEST_FIELD} characters. This has ${text.length}.` : null;

/** A person's or a service's name: something must be there. `taken` are the other names of the same list. */
export function nameProblem(text: string, what: 'you' | 'person' | 'service', taken: string[] = []): string | null {
  const name = text.trim();
  if (name === '') {
    if (what === 'service') return 'A service needs a name.';
    return `A name is needed so that action items can be given to ${what === 'you' ? 'you' : 'this person'}.`;
  }
  const same = (other: string) => other.trim().toLocaleLowerCase() === name.toLocaleLowerCase();
  if (what === 'service' && taken.some(same)) return `There is already a service called ${name}.`;
  return tooLong(name, 'A name');
}

/** Something to know about a name that is still fine: somebody else has the same one. */
export function nameNote(text: string, taken: string[]): string | null {
  const name = text.trim().toLocaleLowerCase();
  if (name === '' || !taken.some((other) => other.trim().toLocaleLowerCase() === name)) return null;
  return 'Somebody else here has the same name. A short name or a role title tells the two apart.';
}

/** An e-mail address; empty is fine. Proposes what was likely meant. */
export function emailProblem(text: string): string | null {
  const address = text.trim();
  if (address === '') return null;
  const long = tooLong(address, 'An address');
  if (long) return long;
  if (/^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@.,;<>()]+$/.test(address) && !address.includes('..')) return null;
  const likely = address
    .replace(/^mailto:/i, '')
    .replace(/^.*<([^>]*)>.*$/, '$1')
    .replace(/\s*\(?\bat\b\)?\s*/i, (found) => (address.includes('@') ? found : '@'))
    .replace(/[\s]+/g, '')
    .replace(/[,;]+/g, '.')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.+|\.+$/g, '');
  if (likely !== address && /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(likely)) return `Did you mean ${likely}?`;
  if (!address.includes('@')) return 'An address has an @ in it, like name@example.com.';
  return 'An address has a name, an @ and a domain, like name@example.com.';
}

/** A handle in chat; empty is fine, and a leading @ is taken off by {@link tidyHandle}. */
export function handleProblem(text: string): string | null {
  const handle = tidyHandle(text);
  if (/\s/.test(handle)) return `Handles have no spaces. Did you mean ${handle.replace(/\s+/g, '.')}?`;
  return tooLong(handle, 'A handle');
}

/** A handle without spaces around it and without its @. */
export function tidyHandle(text: string): string {
  return text.trim().replace(/^@+/, '');
}

/** Any other short text; empty is fine. */
export function shortTextProblem(text: string, what: string): string | null {
  return tooLong(text.trim(), what);
}

/** Days until an action item is due: a whole number from 1. */
export function daysProblem(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return 'How many days? 30 is a month.';
  const weeks = /^(\d{1,3})\s*w(?:eeks?)?$/i.exec(typed);
  if (weeks) return `Days are counted here. ${weeks[1]} weeks are ${Number(weeks[1]) * 7}.`;
  const months = /^(\d{1,2})\s*m(?:onths?)?$/i.exec(typed);
  if (months) return `Days are counted here. ${months[1]} months are about ${Number(months[1]) * 30}.`;
  if (!/^\d+$/.test(typed)) {
    const number = Math.round(Math.abs(Number(typed.replace(',', '.'))));
    return Number.isFinite(number) && number >= 1 && number <= MOST_DAYS
      ? `Whole days, please. Did you mean ${number}?`
      : 'A whole number of days, like 30.';
  }
  const days = Number(typed);
  if (days < 1) return 'At least 1 day.';
  if (days > MOST_DAYS) return `At most ${MOST_DAYS} days, which is ten years.`;
  return null;
}

/** A size as people say it: `840 kB`, `4.2 MB`, `1.1 GB` (powers of 1000, as file managers show it). */
export function bytesText(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '';
  if (bytes < 1000) return `${Math.round(bytes)} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[unit]}`;
}

export { count as counted } from '../../format';
