import { count, inZone, shortDay } from '../../format';

/** How long ago an instant is, both RFC 3339: "just now", "5 min ago", "3 h ago", "2 days ago"; empty beyond thirty days and in the future. */
export function ago(instant: string, now: string): string {
  const minutes = Math.floor((Date.parse(now) - Date.parse(instant)) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return '';
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  return days <= 30 ? `${count(days, 'day', 'days')} ago` : '';
}

/** "16 Nov 2026, 12:00" in a zone; an empty zone is the computer's. */
export function moment(instant: string, zone: string): string {
  const at = inZone(instant, zone);
  return at === null ? '' : `${shortDay(at, Number.NaN)}, ${at.time}`;
}
