import type { Changed, Commands } from '@bindings';
import { ApiError, isOpenable, NotJoined, NotSignedIn, PICK_LIMIT, readApiError } from './backend';
import type { Backend, DocumentEvents, DocumentPipe, PickedFile } from './backend';
import { isForGuests, lookAround, roomLeft } from './guest';
import type { Invitation } from './guest';
import { isForTeam, signedOut } from './team';
import type { TeamInvitation } from './team';

const GONE = 'Debrief does not answer. Look whether “debrief serve” is still running, then try again.';
const ROOM_GONE = 'The computer that holds this meeting does not answer. Look whether you are on the same network, then try again.';
const TEAM_GONE = 'The workspace does not answer. Look whether this device is on the network, then try again.';

/** The address is a link that `debrief serve` printed. */
export function isLink(hash: string): boolean {
  return /^#\/?token=[^&]+$/.test(hash);
}

/** Trades the token of the printed link for a cookie, then hides it from the address bar. Until that has worked it stays there. */
export async function openSession(): Promise<void> {
  const link = location.hash;
  if (!isLink(link)) return;
  await post('session', { token: decodeURIComponent(link.slice(link.indexOf('=') + 1)) });
  if (location.hash === link) history.replaceState(null, '', location.pathname + location.search + '#/postmortems');
}

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...init });
  } catch {
    throw new ApiError('unavailable', isForGuests() ? ROOM_GONE : isForTeam() ? TEAM_GONE : GONE);
  }
}

/** Posts JSON; throws the `ApiError` of an answer that is one. */
async function post(path: string, body: unknown): Promise<Response> {
  const answer = await request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw await failure(answer);
  return answer;
}

/** Joins a meeting under a name. Rejects with an `ApiError`, whose field is `name` or `code` when one of them is wrong. */
export async function join(as: Invitation & { name: string }): Promise<{ doc: string }> {
  return (await (await post('join', as)).json()) as { doc: string };
}

/** What an invitation to a team's workspace is for. Rejects when it was used, was withdrawn or has run out. */
export async function lookAtInvitation(secret: string): Promise<TeamInvitation> {
  return (await (await post('invitation/look', { secret })).json()) as TeamInvitation;
}

/**
 * Accepts an invitation: from then on this browser is signed in. `device` is what it calls itself. Rejects with an
 * `ApiError`, whose field is `name` when that cannot be taken.
 */
export async function acceptInvitation(as: { secret: string; name: string; device: string }): Promise<void> {
  await post('invitation/accept', as);
}

/** Ends this browser's session. */
export async function signOut(): Promise<void> {
  await post('sign-out', {});
}

async function failure(answer: Response): Promise<ApiError> {
  if (answer.status === 401 && isForGuests()) {
    roomLeft();
    return new NotJoined('You are not in this room. Join it with the link or the code.');
  }
  if (answer.status === 401 && isForTeam()) {
    signedOut();
    return new NotSignedIn();
  }
  try {
    return readApiError(await answer.json());
  } catch {
    if (answer.status === 401 || answer.status === 403) {
      return new ApiError('refused', 'This page has no valid session. Open the link that “debrief serve” printed.');
    }
    return new ApiError('internal', `Debrief answered with status ${answer.status} and no explanation.`);
  }
}

/** The backend behind `debrief serve`: commands over HTTP, changes as server-sent events, documents over WebSocket. */
export function httpBackend(): Backend {
  return { shell: 'browser', call, onChanged, openDocument, putBlob, blobUrl, previewUrl, pickSave, pickTemplate, saveText, saveBytes, copy, openExternal };
}

/** Runs a command. */
export async function call<K extends keyof Commands>(name: K, body: Commands[K]['request']): Promise<Commands[K]['response']> {
  return (await (await post(`rpc/${name}`, body)).json()) as Commands[K]['response'];
}

const listeners = new Set<(changed: Changed) => void>();
/** How long to wait before a stream of changes that was refused is asked for again. In milliseconds. */
const ASK_AGAIN = 3000;
let events: EventSource | null = null;
let lost = false;
const reaching = new Set<(reached: boolean) => void>();

/** Calls back whenever the server answers no longer, or again. Returns the way to stop. */
export function onReach(listener: (reached: boolean) => void): () => void {
  reaching.add(listener);
  return () => reaching.delete(listener);
}

function reach(reached: boolean): void {
  for (const listener of [...reaching]) listener(reached);
}

function tell(changed: Changed): void {
  for (const listener of [...listeners]) listener(changed);
  lookAround(changed, tell);
}

function onChanged(listener: (changed: Changed) => void): () => void {
  listeners.add(listener);
  events ??= follow();
  return () => listeners.delete(listener);
}

function follow(): EventSource {
  const stream = new EventSource('events');
  stream.onmessage = (event: MessageEvent<string>) => {
    try {
      tell(JSON.parse(event.data) as Changed);
    } catch {
      tell({ type: 'postmortem', doc: '' });
    }
  };
  stream.onerror = () => {
    lost = true;
    reach(false);
    // A dropped stream comes back by itself; one that was answered with an error does not.
    if (stream.readyState === EventSource.CLOSED) {
      // The stream does not say why it was refused; a command does, to whoever shows that somebody is in here no longer.
      if (isForGuests() || isForTeam()) void call('session', {}).catch(() => undefined);
      setTimeout(() => {
        events = follow();
      }, ASK_AGAIN);
    }
  };
  stream.onopen = () => {
    reach(true);
    // What changed while the stream was down is unknown, so everything is loaded again.
    if (lost) {
      lost = false;
      tell({ type: 'directory' });
      tell({ type: 'postmortem', doc: '' });
      tell({ type: 'published' });
      tell({ type: 'accounts', account: null });
    }
  };
  return stream;
}

function openDocument(doc: string, on: DocumentEvents): DocumentPipe {
  const url = new URL(`d/${encodeURIComponent(doc)}/ws`, location.href.split('#')[0]);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  let open = true;
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => on.open();
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (event.data instanceof ArrayBuffer) on.message(new Uint8Array(event.data));
  };
  socket.onclose = (event) => {
    if (open) {
      open = false;
      on.closed(event.reason);
    }
  };
  return {
    send(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
    },
    close() {
      open = false;
      socket.close();
    },
  };
}

async function putBlob(blob: Blob): Promise<string> {
  const answer = await request('blob', {
    method: 'POST',
    headers: { 'content-type': blob.type === '' ? 'application/octet-stream' : blob.type },
    body: blob,
  });
  if (!answer.ok) throw await failure(answer);
  const { hash } = (await answer.json()) as { hash: string };
  return hash;
}

function blobUrl(hash: string): string {
  return `blob/${encodeURIComponent(hash)}`;
}

function previewUrl(doc: string): string {
  return `preview/${encodeURIComponent(doc)}`;
}

function pickSave(): Promise<string | null> {
  return Promise.resolve(null);
}

function pickTemplate(): Promise<PickedFile | null> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.md,.markdown';
    input.oncancel = () => resolve(null);
    input.onchange = () => {
      const file = input.files?.[0];
      if (file === undefined) {
        resolve(null);
        return;
      }
      readPicked(file).then(resolve, reject);
    };
    input.click();
  });
}

/** Reads a picked or dropped text file; refuses what is too large or not text. */
export async function readPicked(file: File): Promise<PickedFile> {
  if (file.size > PICK_LIMIT) {
    throw new ApiError('invalid', `${file.name} has ${Math.round(file.size / 1024 / 1024)} MB; at most 64 MB can be read. Nothing was changed.`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return { name: file.name, text };
  } catch {
    throw new ApiError('invalid', `${file.name} is not a text file in UTF-8. Nothing was changed.`);
  }
}

function saveText(name: string, mime: string, text: string): Promise<string | null> {
  return download(name, new Blob([text], { type: `${mime};charset=utf-8` }));
}

function saveBytes(name: string, mime: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  return download(name, new Blob([bytes], { type: mime }));
}

function download(name: string, file: Blob): Promise<string | null> {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return Promise.resolve(name);
}

async function copy(text: string): Promise<void> {
  try {
    // A page that came without encryption has no such thing; the older way still works there.
    if ('clipboard' in navigator) {
      await navigator.clipboard.writeText(text);
      return;
    }
  } catch {
    // The browser did not let us; the older way asks it again.
  }
  if (!copySelected(text)) {
    throw new ApiError('refused', 'The browser did not let Debrief use the clipboard. Save the text to a file instead.');
  }
}

/** Copies a text by selecting it, for browsers that have no clipboard to write to. False when that does not work either. */
function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Within a dialog nothing else can be selected.
  ([...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}

function openExternal(url: string): Promise<void> {
  if (!isOpenable(url)) return Promise.reject(new ApiError('invalid', `“${url}” is not a web or mail address.`));
  window.open(url, '_blank', 'noopener,noreferrer');
  return Promise.resolve();
}
