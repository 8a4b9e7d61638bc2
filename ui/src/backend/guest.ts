import type { Changed } from '@bindings';

/** What lets a guest into a meeting. */
export interface Invitation {
  /** The secret of the link; empty for somebody who types the code. */
  secret: string;
  /** The code, however it was typed. */
  code: string;
}

/** The page is for guests: it came from the port of a shared meeting, whose server marks it so, or the window is in one. */
export function isForGuests(): boolean {
  return document.querySelector('meta[name="debrief-guest"]') !== null || isAway();
}

/** What the desktop window's address says while it shows a review that another computer shares. */
const AWAY = '?room';

/** The desktop window is a guest in a review on another computer. */
export function isAway(): boolean {
  return '__TAURI_INTERNALS__' in window && location.search === AWAY;
}

/**
 * Loads the window's page anew when its address says something else than where the window is: in a room, or null for its
 * own workspace. True when it does.
 */
export function corrected(room: string | null): boolean {
  if (!('__TAURI_INTERNALS__' in window) || isAway() === (room !== null)) return false;
  history.replaceState(null, '', room === null ? '/' : `/${AWAY}#/postmortem/${room}/review`);
  location.reload();
  return true;
}

const leaving = new Set<() => void>();

/** Calls back whenever the other side says that this guest is not in the room. Returns the way to stop. */
export function onRoomLeft(listener: () => void): () => void {
  leaving.add(listener);
  return () => leaving.delete(listener);
}

/** Tells whoever wants to know that this guest is not in the room. */
export function roomLeft(): void {
  for (const listener of [...leaving]) listener();
}

/** How often a guest looks who else has come, at most. In milliseconds. */
const LOOK_AROUND = 3000;
let lookingAround: ReturnType<typeof setTimeout> | undefined;

/** Guests are told nothing of the directory; who is in it for them changes when people come, so it is looked at then. */
export function lookAround(changed: Changed, tell: (changed: Changed) => void): void {
  if (changed.type !== 'meeting' || !isForGuests()) return;
  lookingAround ??= setTimeout(() => {
    lookingAround = undefined;
    tell({ type: 'directory' });
  }, LOOK_AROUND);
}

/** The secret in an address's hash; null when it is no link to a meeting. */
export function readSecret(hash: string): string | null {
  return /^#\/?join=([0-9A-Za-z_-]+)(?:&|$)/.exec(hash)?.[1] ?? null;
}

/** Edits of one document that a page takes along to another address. */
export interface Moved {
  /** The postmortem. */
  doc: string;
  /** The edits, in base64. */
  edits: string[];
}

/** Longest address that every browser goes to, in characters. */
const LONGEST_ADDRESS = 1_000_000;

/**
 * The address that a link to a meeting leads to when these edits come along: behind the secret in the hash, which is sent
 * nowhere. Words around the link do not matter. Null when there is no such link; without the edits when they are too many.
 */
export function linkWith(words: string, moved: Moved): string | null {
  const link = /https?:\/\/[^\s<>"']+/i.exec(words)?.[0];
  const hash = link?.indexOf('#') ?? -1;
  if (link === undefined || hash < 0 || readSecret(link.slice(hash)) === null) return null;
  if (moved.edits.length === 0) return link;
  const packed = moved.edits.map((edit) => edit.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')).join('.');
  const whole = `${link}&kept=${encodeURIComponent(moved.doc)}~${packed}`;
  return whole.length > LONGEST_ADDRESS ? link : whole;
}

/** The edits that came along in an address's hash; null when none did. */
export function readMoved(hash: string): Moved | null {
  const [, doc, packed] = /&kept=([^&~]+)~([0-9A-Za-z_.-]+)(?:&|$)/.exec(hash) ?? [];
  if (doc === undefined || packed === undefined || readSecret(hash) === null) return null;
  const edits = packed.split('.').map((edit) => {
    const plain = edit.replaceAll('-', '+').replaceAll('_', '/');
    return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
  });
  try {
    return { doc: decodeURIComponent(doc), edits };
  } catch {
    return null;
  }
}
