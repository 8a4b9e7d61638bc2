import type { ReplicaState } from '@bindings';
import { backend } from '../backend';
import { onChanges } from './session.svelte';

let current = $state.raw<ReplicaState | null>(null);
let following = false;

/** How this copy of a team's workspace stands; null where the workspace is no such copy. Reactive. */
export function team(): ReplicaState | null {
  return current;
}

/** Asks how it stands. */
export async function loadTeam(): Promise<void> {
  current = (await backend.call('replica_state', {})).state;
}

/** Keeps it in step for as long as the page lives. Only the desktop app has such copies. */
export function followTeam(): void {
  if (following || backend.shell !== 'desktop') return;
  following = true;
  const load = () => void loadTeam().catch(() => undefined);
  load();
  // What is written waits first: the count follows what changes here, too. Elsewhere nobody is asked again.
  onChanges((changed) => changed.type === 'replica' || (current !== null && (changed.type === 'postmortem' || changed.type === 'directory')), load);
}
