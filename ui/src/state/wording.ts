/** Wording hints that somebody on this device has looked at and kept their words all the same. */
import type { Hint } from '@bindings';

const KEY = 'debrief.wording-kept';
/** As many are remembered; the oldest go. */
const MOST = 1000;

function load(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

let kept = load();

/** The rule and the words, whatever their case: another text with the same words has the same answer. */
function phrase(hint: Hint, text: string): string {
  return `${hint.rule} ${text.slice(hint.start, hint.end).toLowerCase().replace(/\s+/gu, ' ')}`;
}

/** Whether somebody here has kept these words before. */
export function isKept(hint: Hint, text: string): boolean {
  return kept.includes(phrase(hint, text));
}

/** Remembers that the words stay. */
export function keep(hint: Hint, text: string): void {
  kept = [...kept.filter((one) => one !== phrase(hint, text)), phrase(hint, text)].slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Without storage it holds until the window closes.
  }
}
