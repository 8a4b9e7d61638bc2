import type { Backend } from './backend';
import { httpBackend, openSession } from './http';
import { isDesktop, tauriBackend } from './tauri';

export { ApiError, isOpenable, sentence } from './backend';
export type { Backend, DocumentEvents, DocumentPipe, PickedFile } from './backend';
export { readPicked } from './http';

/** What the page talks to: the desktop window's process, or the server that sent the page. */
export const backend: Backend = isDesktop() ? tauriBackend() : httpBackend();

/** Settled once commands may be called: a browser first trades the token of its link for a session. */
export const connected: Promise<void> = backend.shell === 'browser' ? openSession() : Promise.resolve();
