import { onDestroy } from 'svelte';
import { isSingle, isTyping, keyName, KeyReader } from './keys';
import type { KeyPattern } from './keys';
import type { IconName } from './base/icons';
import { topModal } from './state/modals.svelte';
import { prefs } from './state/prefs.svelte';

/** Something a person can do. The menu, the palette, the keys and the key sheet all read it from here. */
export interface Command {
  /** `go.actions`. A command registered later with the same id stands before the earlier one until it is taken back. */
  id: string;
  /** "Go to action items": a verb first. */
  title: string;
  /** Heading in the key sheet: "Anywhere", "Lists", "Postmortem". */
  group: string;
  /** Keys that run it. */
  keys?: readonly KeyPattern[];
  /** Picture in the palette. */
  icon?: IconName;
  /** More words under which the palette finds it. */
  words?: string;
  /** Not offered in the palette (moving a selection, for example). */
  quiet?: boolean;
  /** Keys work in text fields too. */
  whileTyping?: boolean;
  /** Keys work while a dialog is open too. */
  overDialogs?: boolean;
  /** Whether it can be done now; absent means always. */
  when?: () => boolean;
  /** Does it. */
  run: (event?: KeyboardEvent) => unknown;
}

// Not reactive itself: a screen that goes would read it as it was before the next screen added to it.
let all: readonly Command[] = [];
let version = $state.raw({});

/** Adds commands; returns the way to take them back. */
export function register(commands: readonly Command[]): () => void {
  all = [...all, ...commands];
  version = {};
  return () => {
    all = all.filter((command) => !commands.includes(command));
    version = {};
  };
}

/** Adds commands for as long as the component lives. Call it while the component is set up. */
export function useCommands(commands: readonly Command[]): void {
  onDestroy(register(commands));
}

/** Every command of the present screen, the latest of each id, in the order of registration. Reactive. */
export function registered(): Command[] {
  void version;
  const latest = new Map<string, Command>();
  for (const command of all) latest.set(command.id, command);
  return [...latest.values()];
}

/** Those of them that can be done now. Reactive. */
export function available(): Command[] {
  return registered().filter((command) => command.when?.() ?? true);
}

/** Runs a command by its id. False when there is none or it cannot be done now. */
export function run(id: string): boolean {
  const found = available().find((command) => command.id === id);
  if (found === undefined) return false;
  void found.run();
  return true;
}

const reader = new KeyReader();

/** Runs the command that a pressed key stands for. Installed once, on the window. */
export function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = keyName(event);
  if (name === '') return;
  const typing = isTyping(event.target, name);
  // A modal dialog has the keys to itself; only what opens in its place goes through.
  const modal = topModal() !== null;
  const byPattern = new Map<KeyPattern, Command>();
  for (const command of available()) {
    for (const pattern of command.keys ?? []) {
      if (typing && command.whileTyping !== true) continue;
      if (command.whileTyping !== true && command.overDialogs !== true && modal) continue;
      if (isSingle(pattern) && !prefs().singleKeys) continue;
      byPattern.set(pattern, command);
    }
  }
  // A focused button or link keeps its own Enter and Space.
  const own = name === 'Enter' ? 'a[href], button, summary, [role="option"]' : name === 'Space' ? 'button, summary, input, [role="option"]' : '';
  if (own !== '' && event.target instanceof Element && event.target.closest(own) !== null) return;
  const pressed = reader.read(name, [...byPattern.keys()], event.timeStamp);
  if (pressed === null) return;
  event.preventDefault();
  if (pressed !== 'wait') void byPattern.get(pressed)?.run(event);
}
