import type { Backend } from './backend';
import { isForGuests, readSecret } from './guest';
import { httpBackend, isLink, openSession } from './http';
import { isDesktop, tauriBackend } from './tauri';

export { ApiError, isOpenable, NotJoined, NotSignedIn, sentence } from './backend';
export type { Backend, DocumentEvents, DocumentPipe, PickedFile, PickedPath } from './backend';
export { corrected, isAway, isForGuests, linkWith, onRoomLeft, readMoved, readSecret } from './guest';
export type { Invitation, Moved } from './guest';
export { acceptInvitation, join, lookAtInvitation, onReach, readPicked, signOut } from './http';
export { deviceName, isForTeam, onInvitation, onSignedOut, readPasted, takeInvitation } from './team';
export type { TeamInvitation } from './team';

/** What the page talks to: the desktop window's process, or the server that sent the page. */
export const backend: Backend = isDesktop() ? tauriBackend() : httpBackend();

let session: Promise<void> | null = null;

/**
 * Settled once commands may be called: a browser first trades the token of its link for a session. After a failure, and
 * with a newly pasted link, it is tried again.
 */
export function connected(): Promise<void> {
  if (backend.shell === 'desktop') return Promise.resolve();
  session ??= openSession().catch((error: unknown) => {
    session = null;
    throw error;
  });
  return session;
}

/** Calls back when the address has become a link of `debrief serve`, which was started again; its token has been tried by then. */
export function onNewLink(listener: () => void): void {
  // Only the part after # changes when a link is pasted here, so no page is loaded.
  window.addEventListener('hashchange', () => {
    // A guest who pastes a link to this room begins anew with it; what they wrote is kept.
    if (isForGuests() && readSecret(location.hash) !== null) {
      location.reload();
      return;
    }
    if (backend.shell === 'desktop' || !isLink(location.hash)) return;
    session = null;
    void connected().then(listener, listener);
  });
}
