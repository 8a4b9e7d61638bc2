/** Looks at words while they are written. Only whoever writes them sees what is found, and nothing is counted. */
import type { Hint, HintKind } from '@bindings';
import { backend } from '@ui/backend';
import { isKept, keep } from '@ui/state/wording';

/** How long nobody types before the wording is looked at. In milliseconds. */
const PAUSE = 500;

/** A hint, and the words that it is about. */
export interface Tip {
  hint: Hint;
  words: string;
  text: string;
}

/** Somebody who took part, by a name that a text may call them, and what they did there. */
export interface Role {
  name: string;
  /** As a word within a sentence: "first responder". */
  role: string;
}

/**
 * The words that can stand in the place of those that a hint is about: a role instead of a name. Null where the advice is no
 * such words, and only a person can find others. `first` says that they begin the text.
 */
export function replacement(hint: Pick<Hint, 'rule'>, words: string, roles: readonly Role[], first: boolean): string | null {
  if (hint.rule !== 'R11') return null;
  // A full name before the short one that it begins with.
  for (const { name, role } of [...roles].sort((a, b) => b.name.length - a.name.length)) {
    const at = name === '' ? -1 : words.indexOf(name);
    const end = at + name.length;
    if (at < 0 || /[\p{L}\p{N}]$/u.test(words.slice(0, at)) || /^[\p{L}\p{N}]/u.test(words.slice(end))) continue;
    return `${words.slice(0, at)}${first && at === 0 ? 'The' : 'the'} ${role}${words.slice(end)}`;
  }
  return null;
}

/** Where the words of a tip stand in a text by now; null once they are gone. */
export function placeOf(tip: Pick<Tip, 'hint' | 'words'>, text: string): { from: number; to: number } | null {
  const { start } = tip.hint;
  const from = text.startsWith(tip.words, start) ? start : text.indexOf(tip.words);
  return from < 0 ? null : { from, to: from + tip.words.length };
}

/** The wording of one field. */
export class Wording {
  /** The first thing to look at again; null for nothing. */
  tip: Tip | null = $state.raw(null);
  readonly #doc: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(doc: string) {
    this.#doc = doc;
  }

  /** Looks at a text once nobody has typed for a while. `found` gets the places to underline. */
  look(kind: HintKind, text: string, found: (places: { from: number; to: number }[]) => void = () => undefined): void {
    clearTimeout(this.#timer);
    const mine = ++this.#asked;
    if (this.tip !== null && !text.includes(this.tip.words)) this.tip = null;
    if (text.trim() === '') return;
    this.#timer = setTimeout(() => {
      backend
        .call('hints', { doc: this.#doc, kind, text })
        .then(({ hints }) => {
          if (mine !== this.#asked) return;
          const open = hints.filter((hint) => !isKept(hint, text));
          const first = open[0];
          this.tip = first === undefined ? null : { hint: first, words: text.slice(first.start, first.end), text };
          found(open.filter((hint) => hint.strength === 'strong').map((hint) => ({ from: hint.start, to: hint.end })));
        })
        // A hint that does not come is no reason to disturb somebody who writes.
        .catch(() => undefined);
    }, PAUSE);
  }

  /** The words stay as they are, here and wherever else they are written on this device. */
  keep(): void {
    if (this.tip !== null) keep(this.tip.hint, this.tip.text);
    this.tip = null;
  }

  /** Nobody writes any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.tip = null;
  }
}
