import type { ActionStatus, ActionType, EventKind, FindingKind, Phase, ReviewRole, Severity, Status, Visibility } from '@bindings';

/** Names of the months, January first. */
export const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] as const;

/** Names of the weekdays, Sunday first. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** "Detect", "In review", …: what a value is called on screen. */
export const statusNames: Record<Status, string> = { draft: 'Draft', in_review: 'In review', follow_up: 'Follow-up', closed: 'Closed' };
/** Phases as headings. */
export const phaseNames: Record<Phase, string> = {
  detection: 'Detection', response: 'Response', remediation: 'Remediation', analysis: 'Analysis', readiness: 'Readiness',
};
/** Types of action items. */
export const actionTypeNames: Record<ActionType, string> = {
  investigate: 'Investigate', mitigate: 'Mitigate', repair: 'Repair', detect: 'Detect', prevent: 'Prevent', process: 'Process',
};
/** Statuses of action items. */
export const actionStatusNames: Record<ActionStatus, string> = { open: 'Open', in_progress: 'In progress', done: 'Done', declined: 'Declined' };
/** Kinds of timeline events. */
export const eventKindNames: Record<EventKind, string> = {
  signal: 'Signal', observation: 'Observation', communication: 'Communication', decision: 'Decision', change: 'Change', restored: 'Restored',
};
/** Kinds of findings. */
export const findingKindNames: Record<FindingKind, string> = {
  hindered: 'Hindered us', helped: 'Helped us', surprised: 'Surprised us', luck: 'Luck', risk: 'Risk',
};
/** Roles in a review. */
export const reviewRoleNames: Record<ReviewRole, string> = {
  facilitator: 'Facilitator', scribe: 'Scribe', first_responder: 'First responder', responder: 'Responder', support: 'Support',
  stakeholder: 'Stakeholder', observer: 'Observer',
};
/** Who may read an event, a finding or an action item. */
export const visibilityNames: Record<Visibility, string> = { room: 'The review alone', company: 'The company', customers: 'Customers too' };
/** The five severities, worst first. */
export const severities: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5'];

/** A length of time as people say it: "45 s", "20 min", "1 h 35", "2 d 3 h". Takes whole seconds. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return s === 0 ? '0 min' : `${s} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`;
  const days = Math.floor(hours / 24);
  const left = hours % 24;
  return left === 0 ? `${days} d` : `${days} d ${left} h`;
}

/** A calendar day, without any zone. */
export interface Day {
  /** Full year. */
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
}

/** Reads `YYYY-MM-DD`; null when it is none. */
export function readDay(iso: string): Day | null {
  const found = /^(\d{4,6})-(\d{2})-(\d{2})$/.exec(iso);
  if (found === null) return null;
  return { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
}

/** Writes `YYYY-MM-DD`. */
export function writeDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

const zones = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  };
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone === '' ? undefined : zone });
  } catch {
    // A zone this computer does not know is read as UTC; its name stands beside the time wherever that matters.
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
  zones.set(zone, made);
  return made;
}

/** Day and clock time of an instant (RFC 3339) in a zone; an empty zone is the computer's. Null for an unreadable instant. */
export function inZone(instant: string, zone: string): (Day & { time: string }) | null {
  // Clocks of computers have no leap second; it is shown as the second before it.
  const date = new Date(instant.replace(/:60(?=[.Zz+-])/, ':59'));
  if (Number.isNaN(date.getTime())) return null;
  const parts: Record<string, string> = {};
  for (const part of clock(zone).formatToParts(date)) parts[part.type] = part.value;
  return {
    year: Number(parts.year), month: Number(parts.month), day: Number(parts.day),
    time: `${parts.hour}:${parts.minute}`,
  };
}

/** "10 Nov", with the year when it is not `year`. */
export function shortDay(day: Day, year: number): string {
  const name = MONTHS[day.month - 1]?.slice(0, 3) ?? '';
  return day.year === year ? `${day.day} ${name}` : `${day.day} ${name} ${day.year}`;
}

/** Milliseconds of a day's start in UTC; for counting days between two. */
export function dayNumber({ year, month, day }: Day): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** The day so many days after 1 January 1970. */
export function dayOfNumber(number: number): Day {
  const date = new Date(number * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}

/** "1 item", "2 items". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** First two letters of a name, for an avatar. Whole characters, so that emoji and combined letters stay whole. */
export function initials(name: string): string {
  const letters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name.trim())].slice(0, 2).map((s) => s.segment);
  return letters.join('');
}

/** The eight-hue wheel's place for somebody, by id: the one they have wherever nobody beside them has it, too. 1 to 8. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 8) + 1;
}

/**
 * Places on that wheel for people who are seen together: each has their own, unless somebody who is known for longer has it, as ids
 * begin with the time. The others have what is left, or what fewest have where they are more than eight.
 */
export function huesOf(people: readonly string[]): Map<string, number> {
  const ids = [...people].sort();
  const hues = new Map<string, number>();
  const had = new Map<number, number>();
  const give = (id: string, hue: number) => {
    hues.set(id, hue);
    had.set(hue, (had.get(hue) ?? 0) + 1);
  };
  for (const id of ids) if (!hues.has(id) && !had.has(hueOf(id))) give(id, hueOf(id));
  for (const id of ids) {
    if (hues.has(id)) continue;
    let best = hueOf(id);
    for (let step = 1; step < 8; step++) {
      const next = ((hueOf(id) + step - 1) % 8) + 1;
      if ((had.get(next) ?? 0) < (had.get(best) ?? 0)) best = next;
    }
    give(id, best);
  }
  return hues;
}
