import type { ActionChanged, ActionSet } from '@bindings';

/** Changes made with one key, and what takes them back. */
export interface Step {
  /** What was done: "Done: Renew certificates". */
  readonly what: string;
  /** Takes it back; or does it again, for a step that was taken back. */
  readonly changes: readonly ActionSet[];
}

/** How a step went. */
export interface Went {
  /** The step; null when nothing of it was done. */
  step: Step | null;
  /** What was refused, and why. */
  refused: readonly { change: ActionSet; why: unknown }[];
}

/** The changes of action items that were made on this screen. They are taken back in the reverse order, and done again. */
export class Steps {
  #done: Step[] = [];
  #undone: Step[] = [];
  #last: Promise<unknown> = Promise.resolve();
  readonly #set: (change: ActionSet) => Promise<ActionChanged>;
  readonly #changed: (changed: ActionChanged) => void;

  constructor(set: (change: ActionSet) => Promise<ActionChanged>, changed: (changed: ActionChanged) => void) {
    this.#set = set;
    this.#changed = changed;
  }

  /** Makes changes that belong together. */
  make(what: string, changes: readonly ActionSet[]): Promise<Went> {
    return this.#queue(async () => {
      this.#undone = [];
      return this.#run({ what, changes }, this.#done);
    });
  }

  /** Takes back a step, the latest one unless another is named; null when there is none. */
  undo(step?: Step): Promise<Went | null> {
    return this.#queue(() => this.#turn(this.#done, this.#undone, step));
  }

  /** Does again what was taken back last; null when there is nothing. */
  redo(): Promise<Went | null> {
    return this.#queue(() => this.#turn(this.#undone, this.#done));
  }

  /** One after the other, so that keys pressed faster than the answers come take back what was done before them. */
  #queue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #turn(from: Step[], to: Step[], step = from[from.length - 1]): Promise<Went | null> {
    const at = step === undefined ? -1 : from.indexOf(step);
    if (step === undefined || at < 0) return null;
    from.splice(at, 1);
    return this.#run(step, to);
  }

  async #run({ what, changes }: Step, to: Step[]): Promise<Went> {
    const back: ActionSet[] = [];
    const refused: { change: ActionSet; why: unknown }[] = [];
    for (const change of changes) {
      try {
        const changed = await this.#set(change);
        this.#changed(changed);
        back.unshift(changed.undo);
      } catch (why) {
        refused.push({ change, why });
      }
    }
    const step = back.length === 0 ? null : { what, changes: back };
    if (step !== null) to.push(step);
    return { step, refused };
  }
}
