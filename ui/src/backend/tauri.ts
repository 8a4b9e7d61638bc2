import { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Changed, Commands, Imported } from '@bindings';
import { isOpenable, ApiError, NotJoined, readApiError, sentence } from './backend';
import type { Backend, DesktopChoices, DocumentEvents, DocumentPipe, KnownTeam, PickedFile, PickedPath } from './backend';
import { firstAnswer } from './first';
import { packFrames, unpackFrames } from './frames';
import { isAway, lookAround, roomLeft } from './guest';

/** The desktop window's own process is there to be asked. */
export function isDesktop(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

async function ask<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  return answered(invoke<T>(command, args));
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const failure = readApiError(error);
    if (!isAway() || failure.code !== 'refused' || failure.field !== 'room') throw failure;
    roomLeft();
    throw new NotJoined(failure.message);
  }
}

async function call<K extends keyof Commands>(name: K, request: Commands[K]['request']): Promise<Commands[K]['response']> {
  const first = firstAnswer(name, request);
  return first === undefined ? ask('rpc', { name, request }) : answered(first as Promise<Commands[K]['response']>);
}

/** The backend inside the desktop window. No port is open; everything goes through the window's own messages. */
export function tauriBackend(): Backend {
  return {
    shell: 'desktop',
    call,
    onChanged,
    openDocument,
    putBlob,
    blobUrl: (hash) => convertFileSrc(hash, 'debrief-blob'),
    previewUrl: (doc) => convertFileSrc(doc, 'debrief-preview'),
    pickSave: (name) => ask<string | null>('pick_save', { name }),
    pickTemplate: () => ask<PickedFile | null>('pick_template'),
    pickImport: () => ask<PickedPath | null>('pick_import'),
    importPicked: (path) => ask<Imported>('import_picked', { path }),
    saveText: (name, _mime, text) => ask<string | null>('save_text', { name, text }),
    copy: (text) => ask<void>('copy_text', { text }),
    openExternal: (url) =>
      isOpenable(url)
        ? ask<void>('open_external', { url })
        : Promise.reject(new ApiError('invalid', `“${url}” is not a web or mail address.`)),
    switchWorkspace: (named, lose) => ask<boolean>('workspace_switch', { named, lose }),
    joinRoom: (link, name, plain, lose) => ask<void>('room_join', { link, name, plain, lose }),
    leaveRoom: () => ask<void>('room_leave'),
    openTeam: (link, name, plain, moved, lose) => ask<void>('team_open', { link, name, plain, moved, lose }),
    teams: () => ask<KnownTeam[]>('team_list'),
    showTeam: (id, lose) => ask<void>('team_show', { id, lose }),
    leaveTeam: (lose) => ask<void>('team_leave', { lose }),
    desktopChoices: () => ask<DesktopChoices>('desktop_chosen'),
    chooseDesktop: (change) => ask<DesktopChoices>('desktop_choose', { change }),
    onMenu: (listener) => {
      void listen<string>('menu', (event) => listener(event.payload));
    },
    onClosing,
  };
}

function onClosing(may: () => Promise<boolean>): void {
  // Fetched when the first edit is made: nobody waits for it then.
  void import('@tauri-apps/api/window').then(({ getCurrentWindow }) =>
    getCurrentWindow().onCloseRequested(async (event) => {
      if (!(await may())) event.preventDefault();
    }),
  );
}

const listeners = new Set<(changed: Changed) => void>();
let subscribed = false;

function onChanged(listener: (changed: Changed) => void): () => void {
  listeners.add(listener);
  if (!subscribed) {
    subscribed = true;
    const tell = (changed: Changed) => {
      for (const each of [...listeners]) each(changed);
      lookAround(changed, tell);
    };
    const channel = new Channel<Changed>(tell);
    void ask<void>('events', { channel });
  }
  return () => listeners.delete(listener);
}

/** A raw message of a channel comes as a buffer, or as an array of numbers when it is short. */
function bytesOf(message: unknown): Uint8Array {
  if (message instanceof ArrayBuffer) return new Uint8Array(message);
  if (message instanceof Uint8Array) return message;
  return Uint8Array.from(message as number[]);
}

function openDocument(doc: string, on: DocumentEvents): DocumentPipe {
  let conn: number | null = null;
  let live = true;
  let broken = false;
  let sending = false;
  let left = false;
  let waiting: Uint8Array[] = [];

  const end = (reason: string) => {
    if (!live) return;
    live = false;
    broken = true;
    on.closed(reason);
  };

  const leave = () => {
    if (left || conn === null) return;
    left = true;
    void invoke('doc_close', { conn }).catch(() => undefined);
  };

  // One batch is on its way at a time: messages of the window may overtake each other, edits must not.
  const flush = async () => {
    if (sending || conn === null) return;
    sending = true;
    while (!broken && waiting.length > 0) {
      const batch = packFrames(waiting);
      waiting = [];
      try {
        await invoke('doc_send', batch, { headers: { conn: String(conn) } });
      } catch (error) {
        broken = true;
        end(sentence(readApiError(error)));
      }
    }
    sending = false;
    if (!live) leave();
  };

  const take = (message: unknown) => {
    const { frames, closed } = unpackFrames(bytesOf(message));
    for (const frame of frames) if (live) on.message(frame);
    if (closed !== null) end(closed);
  };

  // The room speaks as soon as it is entered, often before the pipe's number is here, without which nothing can be
  // answered: its first words wait.
  let early: unknown[] | null = [];
  const channel = new Channel<unknown>((message) => {
    if (early === null) take(message);
    else early.push(message);
  });

  invoke<number>('doc_open', { doc, channel }).then(
    (id) => {
      conn = id;
      if (!live) {
        leave();
        return;
      }
      on.open();
      const words = early ?? [];
      early = null;
      words.forEach(take);
      void flush();
    },
    (error: unknown) => end(sentence(readApiError(error))),
  );

  return {
    send(bytes) {
      if (!live || conn === null) return;
      waiting.push(bytes);
      void flush();
    },
    close() {
      live = false;
      // What was sent before goes first: closing would overtake it.
      if (!sending) leave();
    },
  };
}

async function putBlob(blob: Blob): Promise<string> {
  try {
    return await invoke<string>('blob_put', new Uint8Array(await blob.arrayBuffer()));
  } catch (error) {
    throw readApiError(error);
  }
}
