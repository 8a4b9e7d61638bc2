// Time zones as people look for them: by city, by IANA name, by an older or newer name, or by distance from UTC.

/** One IANA zone as a list shows it. */
export interface Zone {
  /** IANA name, such as `Europe/Berlin`. */
  id: string;
  /** Last part of the name as people write it: `Berlin`, `Buenos Aires`. */
  city: string;
  /** What stands before it: `Europe`, `America, Argentina`; empty for `UTC`. */
  region: string;
}

/** Names that browsers do not list themselves, because their tables keep an older spelling. */
const ALSO_KNOWN_AS: Record<string, string> = {
  'Asia/Calcutta': 'Kolkata',
  'Asia/Saigon': 'Ho Chi Minh',
  'Asia/Rangoon': 'Yangon',
  'Asia/Katmandu': 'Kathmandu',
  'Europe/Kiev': 'Kyiv',
  'America/Godthab': 'Nuuk',
  'America/Buenos_Aires': 'Argentina',
  'Atlantic/Faeroe': 'Faroe',
  UTC: 'GMT Zulu',
};

/** Splits an IANA name into the parts a list shows. */
export function zoneOf(id: string): Zone {
  const parts = id.split('/').map((part) => part.replaceAll('_', ' '));
  return { id, city: parts.at(-1) ?? id, region: parts.slice(0, -1).join(', ') };
}

/** Every zone that this browser knows, `UTC` first, then by name. */
export function allZones(): Zone[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  const rest = known.filter((id) => id !== 'UTC' && id !== 'Etc/UTC').sort();
  return ['UTC', ...rest].map(zoneOf);
}

/** Says whether this browser can show times in a zone. */
export function isZone(id: string): boolean {
  if (id.trim() === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: id });
    return true;
  } catch {
    return false;
  }
}

/** Minutes that a zone is ahead of UTC at an instant; `null` for a zone that this browser does not know. */
export function offsetMinutes(id: string, at: Date): number | null {
  if (!isZone(id)) return null;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: id,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value ?? '0');
  const local = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'));
  return Math.round((local - Math.floor(at.getTime() / 60_000) * 60_000) / 60_000);
}

/** `UTC+1`, `UTC+5:30`, `UTC−3`; `UTC` alone when there is no difference. */
export function offsetLabel(minutes: number | null): string {
  if (minutes === null) return '';
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const hours = Math.floor(size / 60);
  const rest = size % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** The clock time of a zone at an instant, `16:05`. */
export function clockIn(id: string, at: Date): string {
  if (!isZone(id)) return '';
  return new Intl.DateTimeFormat('en-GB', { timeZone: id, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[_/,]+/g, ' ')
    .trim();

/**
 * Zones that fit what was typed, best first: city begins with it, then a word of the name begins with it, then the name
 * contains it. `+5:30` or `utc-3` finds zones by their distance from UTC at `at`. An empty text gives all of them.
 */
export function findZones(zones: Zone[], query: string, at: Date): Zone[] {
  const wanted = plain(query);
  if (wanted === '') return zones;
  const distance = /^(?:utc|gmt)?\s*([+\-−])\s*(\d{1,2})(?::?(\d{2}))?$/.exec(wanted);
  if (distance) {
    const sign = distance[1] === '+' ? 1 : -1;
    const minutes = sign * (Number(distance[2]) * 60 + Number(distance[3] ?? '0'));
    return zones.filter((zone) => offsetMinutes(zone.id, at) === minutes);
  }
  const ranked: { zone: Zone; rank: number }[] = [];
  for (const zone of zones) {
    const city = plain(zone.city);
    const name = `${plain(zone.id)} ${plain(ALSO_KNOWN_AS[zone.id] ?? '')}`.trim();
    const words = name.split(' ');
    if (city.startsWith(wanted)) ranked.push({ zone, rank: 0 });
    else if (words.some((_, index) => words.slice(index).join(' ').startsWith(wanted))) ranked.push({ zone, rank: 1 });
    else if (name.includes(wanted)) ranked.push({ zone, rank: 2 });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map((entry) => entry.zone);
}
