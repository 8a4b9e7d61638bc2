/** How events, instants and spans of time are shown in a postmortem. */
import type { Moment } from '@bindings';
import { type Day, duration, inZone as readInZone, shortDay } from '@ui/format';

type Shown = (Day & { time: string }) | null;

/** Reading an instant in a zone is slow, and a long timeline asks for the same ones again and again. */
const shown = new Map<string, Shown>();

function inZone(at: string, zone: string): Shown {
  const key = `${at} ${zone}`;
  let found = shown.get(key);
  if (found === undefined) {
    if (shown.size > 20_000) shown.clear();
    found = readInZone(at, zone);
    shown.set(key, found);
  }
  return found;
}

/** "16:05" in a zone. */
export function clockTime(at: string, zone: string): string {
  return inZone(at, zone)?.time ?? '–';
}

/** "10 Nov", with the year when it is not that of `beside`. */
export function dayOf(at: string, zone: string, beside?: string): string {
  const day = inZone(at, zone);
  if (!day) return '–';
  const other = beside === undefined ? null : inZone(beside, zone);
  return shortDay(day, other?.year ?? new Date().getFullYear());
}

/** "10 Nov 2026". */
export function longDay(at: string, zone: string): string {
  const day = inZone(at, zone);
  return day ? shortDay(day, Number.NaN) : '–';
}

/** Whether two instants are on one day of a zone. */
export function sameDay(a: string, b: string, zone: string): boolean {
  const one = inZone(a, zone);
  const two = inZone(b, zone);
  return one !== null && two !== null && one.year === two.year && one.month === two.month && one.day === two.day;
}

const labels = new Map<string, string>();

/** What people call a zone at an instant: "CET", "EST"; "UTC+5:30" where it has no such name. */
export function zoneLabel(zone: string, at: string | null): string {
  const date = at === null ? new Date() : new Date(at);
  const when = Number.isNaN(date.getTime()) ? new Date() : date;
  const key = `${zone} ${String(Math.floor(when.getTime() / 3_600_000))}`;
  const known = labels.get(key);
  if (known !== undefined) return known;
  let label = zone || 'UTC';
  try {
    // Each locale knows the short names of its own part of the world.
    for (const locale of ['en-GB', 'en-US', 'en-AU', 'en-IN', 'en-ZA']) {
      const part = new Intl.DateTimeFormat(locale, { timeZone: zone || 'UTC', timeZoneName: 'short' }).formatToParts(when).find((p) => p.type === 'timeZoneName')?.value;
      if (part === undefined) continue;
      label = part.replace(/^GMT(?=[+-])/, 'UTC');
      if (!label.startsWith('UTC') || label === 'UTC') break;
    }
  } catch {
    // A zone that this computer does not know keeps its own name.
  }
  labels.set(key, label);
  return label;
}

/** Time since the start: "0", "+4", "+1:05", "+18 h", "+2 d", "−3"; whole minutes as long as they matter. */
export function elapsed(at: string, start: string): string {
  const minutes = Math.floor((Date.parse(at) - Date.parse(start)) / 60_000);
  if (Number.isNaN(minutes)) return '';
  if (minutes === 0) return '0';
  const sign = minutes < 0 ? '−' : '+';
  const size = Math.abs(minutes);
  if (size < 60) return `${sign}${String(size)}`;
  const days = Math.floor(size / 1440);
  if (days > 0) return `${sign}${String(days)} d`;
  if (size >= 600) return `${sign}${String(Math.round(size / 60))} h`;
  return `${sign}${String(Math.floor(size / 60))}:${String(size % 60).padStart(2, '0')}`;
}

/** "About 20 min" or "20 min"; "unknown" without a length. */
export function figure(seconds: number | null, about: boolean): string {
  if (seconds === null) return 'unknown';
  return about ? `About ${duration(seconds)}` : duration(seconds);
}

/** A moment as one would type it again: "about 16:05", with its day when that is another than `beside`'s. */
export function typed(moment: Moment | null, zone: string, beside: string | null): string {
  if (!moment) return '';
  const local = inZone(moment.at, zone);
  if (!local) return '';
  const near = beside !== null && sameDay(moment.at, beside, zone);
  const day = `${String(local.year).padStart(4, '0')}-${String(local.month).padStart(2, '0')}-${String(local.day).padStart(2, '0')} `;
  const seconds = new Date(moment.at).getUTCSeconds();
  const time = seconds === 0 ? local.time : `${local.time}:${String(seconds).padStart(2, '0')}`;
  return `${moment.precision === 'about' ? 'about ' : ''}${near ? '' : day}${time}`;
}

/** A clock, a time of day or a span: what a text has in it that begins with a time. */
const TIME = /\d{1,2}[:.h]\d{2}|\d\s*[ap]\.?m\b|^[+\-−]\s*\d|\bnow$|\bago$/i;
/** Words that go on with a time: "16:05 on 20 Nov", "16:05 yesterday". */
const GOES_ON = /^(on|at|in|am|pm|a\.m\.|p\.m\.|the|last|next|this|local|time|yesterday|today|tomorrow|ago|mon|tues?|wed|thu(rs)?|fri|sat|sun|(mon|tues|wednes|thurs|fri|satur|sun)day|jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?|utc\S*|gmt\S*)[,.]?$/i;
/** The short name of a zone, as far as its letters tell. */
const ZONE = /^[A-Z]{2,5}[,.]?$/;

/**
 * The ways to read a text as a time with words after it, the longest time first. `typing` leaves out those whose next
 * word may yet belong to the time.
 */
export function timesBefore(text: string, typing = false): { time: string; front: string }[] {
  const found: { time: string; front: string }[] = [];
  for (const gap of [...text.matchAll(/\s+/g)].slice(0, 6)) {
    const front = text.slice(0, gap.index + gap[0].length);
    const rest = text.slice(front.length);
    const time = text.slice(0, gap.index).trim().replace(/[,;:–—-]+$/, '');
    if (!TIME.test(time) || !/\p{L}/u.test(rest)) continue;
    const word = rest.split(/\s+/, 1)[0] ?? '';
    if (typing && (!/^\p{L}/u.test(rest) || GOES_ON.test(word) || ZONE.test(word))) continue;
    found.unshift({ time, front });
  }
  return found;
}

/** Words before a time that say that it is not exact, as the backend reads them. */
const ABOUT = /^(?:(?:about|around|approximately|approx\.?|circa|ca\.?)\s+|~\s*)/i;

/** Whether a typed time is said to be about right only. */
export function isAbout(text: string): boolean {
  return ABOUT.test(text.trim());
}

/** Whether a text counts from another instant: "+5m", "about -10 min". */
export function isSpan(text: string): boolean {
  return /^[+\-−]/.test(text.trim().replace(ABOUT, ''));
}

/** Who stands before an event's sentence: nobody where it says so itself, a colon after them where it begins anew. */
export function actorBefore(actor: string, text: string): string {
  if (actor === '' || text.startsWith(`${actor} `)) return '';
  return /^\p{Lu}/u.test(text) ? `${actor}: ` : `${actor} `;
}

/** A figure's definition without the codes of the times, which stand nowhere on the page: "(T4)". */
export function plainDefinition(definition: string): string {
  return definition.replace(/ \(T[0-7]\)/g, '');
}
