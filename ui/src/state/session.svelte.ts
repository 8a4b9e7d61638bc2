import type { Account, Changed, DirectoryView, Session, WorkspaceInfo } from '@bindings';
import { backend, connected } from '../backend';

let current = $state.raw<Session | null>(null);
let people = $state.raw<DirectoryView | null>(null);
let held = $state.raw<WorkspaceInfo | null>(null);

/** Who sits here and in which workspace; null until it is known. Reactive. */
export function session(): Session | null {
  return current;
}

/** Whether whoever sits here is a guest of a review: they have this one postmortem, and what is done with it as a whole is the host's. Reactive. */
export function isGuest(): boolean {
  return (current?.room ?? null) !== null;
}

/** The account that is signed in here; null where the workspace is not served to a team. Reactive. */
export function account(): Account | null {
  return current?.account ?? null;
}

/** Sets who sits here, after the welcome or the settings changed it. */
export function setSession(session: Session): void {
  current = session;
}

/** Asks who sits here. */
export async function loadSession(): Promise<Session> {
  await connected();
  const loaded = await backend.call('session', {});
  current = loaded;
  return loaded;
}

/** People, services and settings; null until `loadDirectory` has answered. Reactive, follows changes. */
export function directory(): DirectoryView | null {
  return people;
}

let loading: Promise<DirectoryView> | null = null;
let directoryTicket = 0;

/** Loads people, services and settings; once, unless they changed. */
export function loadDirectory(): Promise<DirectoryView> {
  return (loading ??= askForDirectory());
}

async function askForDirectory(): Promise<DirectoryView> {
  const mine = ++directoryTicket;
  try {
    await connected();
    const view = await backend.call('directory', {});
    // An answer that was overtaken by the next question is older than what that one brings.
    if (mine === directoryTicket) people = view;
    return view;
  } catch (error) {
    if (mine === directoryTicket) loading = null;
    throw error;
  }
}

/** How much the workspace holds; null until it is known. Reactive. */
export function counts(): WorkspaceInfo | null {
  return held;
}

/** Asks for it anew where it was asked for before: counts in it may have changed without the directory having done so. */
export async function refreshDirectory(): Promise<void> {
  if (loading === null) return;
  loading = askForDirectory();
  await loading;
}

/** Loads how much the workspace holds. */
export async function loadCounts(): Promise<void> {
  await connected();
  held = await backend.call('workspace_info', {});
}

/**
 * Calls `load` soon after changes, at most once in `pause` milliseconds however many changes come.
 * Returns the way to stop.
 */
export function onChanges(wants: (changed: Changed) => boolean, load: () => void, pause = 400): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const stop = backend.onChanged((changed) => {
    if (!wants(changed) || timer !== undefined) return;
    const wait = Math.max(30, last + pause - Date.now());
    timer = setTimeout(() => {
      timer = undefined;
      last = Date.now();
      load();
    }, wait);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** Keeps the directory and the counts in step with the workspace for as long as the page lives. */
export function followWorkspace(): void {
  onChanges(
    (changed) => changed.type === 'directory',
    () => {
      if (loading === null) return;
      loading = null;
      void loadDirectory().catch(() => undefined);
    },
  );
  onChanges(
    (changed) => changed.type === 'postmortem',
    () => void loadCounts().catch(() => undefined),
    1500,
  );
  // An admin may have given this account another role; and who one is may become known only when the directory has come.
  onChanges(
    (changed) => {
      const unknown = session()?.me === null && (changed.type === 'accounts' || changed.type === 'directory');
      return unknown || (changed.type === 'accounts' && account() !== null && (changed.account === null || changed.account === account()?.id));
    },
    () => void loadSession().catch(() => undefined),
  );
}
