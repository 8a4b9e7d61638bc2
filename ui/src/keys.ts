/** A key as the registry writes it: `K`, `/`, `Enter`, `Mod+K` (Ctrl, on a Mac Cmd), `Shift+J`; a sequence is `G P`. */
export type KeyPattern = string;

/** Nothing but this computer's habits decides between Ctrl and Cmd. */
export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** How a pressed key is written: `Mod+K`, `Shift+ArrowDown`, `?`, `J`. Empty for a modifier alone. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  let key = event.key;
  if (key === 'Control' || key === 'Shift' || key === 'Alt' || key === 'Meta' || key === 'AltGraph' || key === 'Dead' || key === '') return '';
  if (key === ' ') key = 'Space';
  const letter = /^\p{L}$/u.test(key);
  if (key.length === 1) key = key.toUpperCase();
  const parts: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push('Mod');
  if (isMac ? event.ctrlKey : event.metaKey) parts.push(isMac ? 'Ctrl' : 'Meta');
  if (event.altKey) parts.push('Alt');
  // Shift is part of the character itself in "?", but not in a letter or a named key.
  if (event.shiftKey && (letter || key.length > 1)) parts.push('Shift');
  parts.push(key);
  return parts.join('+');
}

/** Takes back and does again: a field with nothing of its own to take back leaves these to the page. */
const UNDOING = ['Mod+Z', 'Mod+Shift+Z', 'Mod+Y'];

/**
 * True for text fields and everything else where a letter is a letter. A choice, or a field that says it is stored
 * (`data-stored`), has nothing of its own that `Mod+Z` could take back.
 */
export function isTyping(target: EventTarget | null, pressed: KeyPattern = ''): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (UNDOING.includes(pressed) && (target instanceof HTMLSelectElement || target.dataset.stored !== undefined)) return false;
  if (target.isContentEditable || target.closest('[contenteditable="true"]') !== null) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file'].includes(target.type);
  }
  return false;
}

/** The pattern acts without Ctrl, Cmd or Alt and prints a character: a person may switch those off. */
export function isSingle(pattern: KeyPattern): boolean {
  return pattern.split(' ').every((step) => step.replace(/^Shift\+/, '').length === 1);
}

/** How a pattern is shown on keycaps: `Mod+K` as `Ctrl K`, `G P` as two caps. */
export function keycaps(pattern: KeyPattern): string[] {
  const names: Record<string, string> = {
    Mod: isMac ? '⌘' : 'Ctrl',
    Alt: isMac ? '⌥' : 'Alt',
    Shift: isMac ? '⇧' : 'Shift',
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
    Escape: 'Esc',
  };
  return pattern.split(' ').map((step) => step.split(/\+(?=.)/).map((part) => names[part] ?? part).join(' '));
}

/** How long the second key of a sequence may take, in milliseconds. */
export const SEQUENCE_PAUSE = 1200;

/** Follows keys over time so that sequences such as `G P` are recognised. */
export class KeyReader {
  #pending = '';
  #until = 0;

  /**
   * Takes a key name and the patterns that could match; returns the pattern that is complete now, `wait` while a
   * sequence has begun, or null.
   */
  read(name: string, patterns: readonly KeyPattern[], now: number): KeyPattern | 'wait' | null {
    const begun = now <= this.#until ? this.#pending : '';
    for (const typed of begun === '' ? [name] : [`${begun} ${name}`, name]) {
      if (patterns.includes(typed)) {
        this.#pending = '';
        return typed;
      }
      if (patterns.some((pattern) => pattern.startsWith(`${typed} `))) {
        this.#pending = typed;
        this.#until = now + SEQUENCE_PAUSE;
        return 'wait';
      }
    }
    this.#pending = '';
    return null;
  }
}
