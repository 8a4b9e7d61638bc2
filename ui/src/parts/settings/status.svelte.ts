// Settings save at once. Beside each field stands quietly how that went; one live region says it to a screen reader.

/** How the last saving of a field went. */
export type SaveState = 'rest' | 'saving' | 'saved';

const state = $state<{ said: string }>({ said: '' });

/** What was last saved, as a sentence for the one live region of the screen. Reactive. */
export function lastSaved(): string {
  return state.said;
}

/** Says that something was saved. */
export function saySaved(what: string): void {
  state.said = `${what}: saved`;
}
