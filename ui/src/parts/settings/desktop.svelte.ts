// What Debrief does in the background of this computer. Two parts of the settings show it, and one choice can change another.

import { backend, sentence } from '../../backend';
import type { DesktopChoices } from '../../backend/backend';
import { saySaved } from './status.svelte';

const state = $state<{ choices: DesktopChoices | null; problem: string }>({ choices: null, problem: '' });

/** What was chosen; null until it is known, and in a browser. Reactive. */
export function desktopChoices(): DesktopChoices | null {
  return state.choices;
}

/** Why the last choice was not kept, as a sentence; empty when it was. Reactive. */
export function desktopProblem(): string {
  return state.problem;
}

/** Asks what was chosen. */
export async function loadDesktopChoices(): Promise<void> {
  await settle(() => backend.desktopChoices?.());
}

/** Chooses; `what` names it once it is saved. */
export async function chooseDesktop(change: Partial<Pick<DesktopChoices, 'notify' | 'stay' | 'login'>>, what: string): Promise<void> {
  if (await settle(() => backend.chooseDesktop?.(change))) saySaved(what);
}

async function settle(ask: () => Promise<DesktopChoices> | undefined): Promise<boolean> {
  try {
    state.choices = (await ask()) ?? null;
    state.problem = '';
    return true;
  } catch (error) {
    state.problem = sentence(error);
    return false;
  }
}
