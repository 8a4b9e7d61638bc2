import type { Changed, Commands, ErrorCode, Imported } from '@bindings';

/** Why a command did not do what it was asked. `message` is a sentence for a person. */
export class ApiError extends Error {
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** The request's field that is wrong, when one is. */
  readonly field: string | null;

  constructor(code: ErrorCode, message: string, field: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.field = field;
  }
}

/** The page is a guest's, and this guest has not joined the meeting, or is in it no longer. */
export class NotJoined extends ApiError {
  constructor(message: string) {
    super('refused', message);
    this.name = 'NotJoined';
  }
}

/** The page is of a workspace that is served to a team, and this browser is not signed in, or no longer. */
export class NotSignedIn extends ApiError {
  constructor() {
    super('refused', 'This browser is not signed in to the workspace. Open an invitation to come in.');
    this.name = 'NotSignedIn';
  }
}

/** Turns whatever was thrown into a sentence for a person. */
export function sentence(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message;
  if (typeof error === 'string' && error !== '') return error;
  return 'Something went wrong that Debrief has no words for. Try again.';
}

const codes: readonly string[] = ['not_found', 'invalid', 'conflict', 'refused', 'unavailable', 'internal'];

/** Reads the error that a shell sent; anything unreadable becomes an internal error that says so. */
export function readApiError(sent: unknown): ApiError {
  if (sent instanceof ApiError) return sent;
  if (typeof sent === 'object' && sent !== null) {
    const { code, message, field } = sent as { code?: unknown; message?: unknown; field?: unknown };
    if (typeof message === 'string' && message !== '') {
      const known = typeof code === 'string' && codes.includes(code) ? (code as ErrorCode) : 'internal';
      return new ApiError(known, message, typeof field === 'string' && field !== '' ? field : null);
    }
  }
  return new ApiError('internal', sentence(sent));
}

/** The open pipe of one document. Frames are y-websocket messages. */
export interface DocumentPipe {
  /** Sends one frame. Frames sent while the pipe is not open are dropped. */
  send(bytes: Uint8Array): void;
  /** Closes the pipe; `closed` is not called for it. */
  close(): void;
}

/** What a document's pipe tells its opener. */
export interface DocumentEvents {
  /** One frame came in. */
  message(bytes: Uint8Array): void;
  /** The pipe is open; frames may be sent. */
  open(): void;
  /** The pipe is gone, with a sentence or an empty string. Opening it again is the caller's business. */
  closed(reason: string): void;
}

/** A text file that a person picked. */
export interface PickedFile {
  /** Its name without folders. */
  name: string;
  /** Its text. */
  text: string;
}

/** A file that a person picked, not yet read. */
export interface PickedPath {
  /** Where it is. */
  path: string;
  /** Its name without folders. */
  name: string;
}

/** A team's workspace that is kept on this computer. */
export interface KnownTeam {
  /** The workspace's id. */
  id: string;
  /** What it is called. */
  name: string;
  /** Where it is served. */
  address: string;
}

/** What was chosen for Debrief in the background of this computer, and what of it is possible here. */
export interface DesktopChoices {
  /** Reminders come as notifications of this computer. */
  notify: boolean;
  /** Something on this computer shows notifications. */
  shown: boolean;
  /** Debrief stays when its window is closed. */
  stay: boolean;
  /** How the window comes back then: by the tray, by starting Debrief again, or not at all, so that Debrief ends with it. */
  back: 'tray' | 'start' | 'none';
  /** Debrief starts, without a window, when the person logs in. */
  login: boolean;
  /** Where the secret is kept that signs the person in to the team's workspace that is open; null for none. */
  secret: 'keyring' | 'file' | null;
}

/** A file of more than this many bytes is refused before it is read. */
export const PICK_LIMIT = 64 * 1024 * 1024;

/** Everything that the page asks of whatever runs behind it: the desktop window's process or `debrief serve`. */
export interface Backend {
  /** Which shell this is. */
  readonly shell: 'desktop' | 'browser';
  /** Runs a command. Rejects with an [`ApiError`]. */
  call<K extends keyof Commands>(name: K, request: Commands[K]['request']): Promise<Commands[K]['response']>;
  /** Calls back on every change of the workspace. An empty `doc` means that any postmortem may have changed. Returns the way to stop. */
  onChanged(listener: (changed: Changed) => void): () => void;
  /** Opens a document's pipe. */
  openDocument(doc: string, on: DocumentEvents): DocumentPipe;
  /** Stores an image (PNG, JPEG, GIF or WebP, at most 10 MiB) and returns its hash. */
  putBlob(blob: Blob): Promise<string>;
  /** Where an image of this hash is to be had. */
  blobUrl(hash: string): string;
  /** Where the HTML export of a postmortem is shown; for a sandboxed frame. */
  previewUrl(doc: string): string;
  /** Asks where to save a file; the path, or null when the person thought better of it. A browser answers null. */
  pickSave(name: string): Promise<string | null>;
  /** Lets the person pick the Markdown file of a template; null when they thought better of it. */
  pickTemplate(): Promise<PickedFile | null>;
  /** Lets the person pick an exported postmortem; null when they thought better of it. Desktop alone. */
  pickImport?(): Promise<PickedPath | null>;
  /** Makes a postmortem of a file that `pickImport` gave, with the images that lie beside it. Desktop alone. */
  importPicked?(path: string): Promise<Imported>;
  /** Saves a text: by dialog on the desktop (returns the path), as a download in a browser (returns the name). Null when cancelled. */
  saveText(name: string, mime: string, text: string): Promise<string | null>;
  /** Saves what is no text as a download; the name. Browser alone: on the desktop the backend writes files itself. */
  saveBytes?(name: string, mime: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null>;
  /** Puts a text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Opens an http, https or mailto address outside of Debrief. */
  openExternal(url: string): Promise<void>;
  /**
   * Shows another workspace file: the one that a second start of the app `named`, or one that the person picks. False
   * when they thought better of it. `lose` says that they agreed to lose what cannot be saved. Desktop alone.
   */
  switchWorkspace?(named: boolean, lose: boolean): Promise<boolean>;
  /**
   * Goes into a review that another computer shares, by its pasted link and under a name; the page is loaded anew there.
   * Rejects with the field `link`, `name`, or `plain` for a review without encryption that nobody has agreed to yet.
   * `lose` says that they agreed to lose what cannot be saved here. Desktop alone.
   */
  joinRoom?(link: string, name: string, plain: boolean, lose: boolean): Promise<void>;
  /** Goes back from there to this computer's workspace; the page is loaded anew. Desktop alone. */
  leaveRoom?(): Promise<void>;
  /**
   * Opens a team's workspace by a pasted invitation and under a name; the page is loaded anew there. Rejects as `joinRoom` does,
   * and in the field `moved` where this computer knows that workspace by another address or certificate, unless they agreed to that.
   * `lose` says that they agreed to lose what cannot be saved here. Desktop alone.
   */
  openTeam?(link: string, name: string, plain: boolean, moved: boolean, lose: boolean): Promise<void>;
  /** The teams' workspaces that are kept on this computer. Desktop alone. */
  teams?(): Promise<KnownTeam[]>;
  /** Shows one of them, or this computer's own workspace for null; the page is loaded anew. Desktop alone. */
  showTeam?(id: string | null, lose: boolean): Promise<void>;
  /**
   * Signs out of the team's workspace that is shown, and takes its copy from this computer. Rejects with `conflict` while edits wait
   * to be handed in, unless they agreed to `lose` them. Desktop alone.
   */
  leaveTeam?(lose: boolean): Promise<void>;
  /** What was chosen for Debrief in the background of this computer. Desktop alone. */
  desktopChoices?(): Promise<DesktopChoices>;
  /** Chooses what Debrief does in the background of this computer; what holds then. Desktop alone. */
  chooseDesktop?(change: Partial<Pick<DesktopChoices, 'notify' | 'stay' | 'login'>>): Promise<DesktopChoices>;
  /** Calls back with what the native menu was asked for. Desktop alone. */
  onMenu?(listener: (item: string) => void): void;
  /** Asks before the window closes; it closes when the answer is true. Desktop alone. */
  onClosing?(may: () => Promise<boolean>): void;
}

/** Only addresses that a browser or a mail program opens; anything else a document might name is left alone. */
export function isOpenable(url: string): boolean {
  return /^(https?:\/\/|mailto:)\S+$/i.test(url);
}
