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
