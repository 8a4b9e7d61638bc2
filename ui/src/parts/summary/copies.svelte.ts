import type { Freshness, PublishedCopy, PublishedDifference, PublishedKind, PublishWhat } from '@bindings';
import { backend, connected, sentence } from '../../backend';
import { onChanges } from '../../state/session.svelte';

/** Copies that are shown at first, and more of them each time; each is compared with what it would be now. */
const PAGE = 20;
/** The most that the backend lists in one answer. */
const MOST = 200;
/** They are compared anew once nobody has written anything for so long, in milliseconds. */
const QUIET = 1500;

/** What a comparison came to: the difference, or the sentence that says why there is none. */
export type Compared = PublishedDifference | { state: 'unknown'; problem: string };

/** The published copies of a postmortem, of a kind, or all of them, each compared with what it would be now. */
export class Copies {
  /** Newest first; null until they are known. Reactive. */
  list: readonly PublishedCopy[] | null = $state.raw(null);
  /** How many there are, those that were not asked for yet included. Reactive. */
  total = $state(0);
  /** Why they could not be listed. Reactive. */
  problem = $state('');
  #compared: Readonly<Record<string, Compared>> = $state.raw({});
  #listing = 0;
  /** Copies that wait to be compared. */
  readonly #waiting = new Set<string>();
  #comparing = false;
  #stopped = false;
  readonly #doc: string | null;
  readonly #kind: PublishedKind | null;

  constructor(doc: string | null = null, kind: PublishedKind | null = null) {
    this.#doc = doc;
    this.#kind = kind;
  }

  /** What the comparison of a copy came to; undefined until it is known. */
  compared(id: string): Compared | undefined {
    return this.#compared[id];
  }

  /** Whether a copy is up to date; undefined until it is known, and when it cannot be. */
  state(copy: PublishedCopy): Freshness | undefined {
    const state = this.#compared[copy.id]?.state;
    return state === 'unknown' ? undefined : state;
  }

  /** Copies in nobody's place that say something which has changed since. */
  get outOfDate(): number {
    return (this.list ?? []).filter((copy) => copy.replaced === null && this.state(copy) === 'out_of_date').length;
  }

  /** Loads the list, and goes on in step with the workspace. Returns the way to stop. */
  follow(): () => void {
    this.#stopped = false;
    void this.load();
    let pause: ReturnType<typeof setTimeout> | undefined;
    const stopList = onChanges((changed) => changed.type === 'published', () => void this.load());
    const stopFigures = onChanges(
      (changed) => changed.type === 'directory' || changed.type === 'postmortem',
      () => {
        clearTimeout(pause);
        pause = setTimeout(() => {
          for (const { id } of this.list ?? []) this.#waiting.add(id);
          void this.#compare();
        }, QUIET);
      },
    );
    return () => {
      stopList();
      stopFigures();
      clearTimeout(pause);
      this.#listing += 1;
      this.#stopped = true;
    };
  }

  /** Loads the list anew; with `more`, a page beyond what is there. */
  async load(more = false): Promise<void> {
    const mine = ++this.#listing;
    const wanted = Math.max(PAGE, (this.list?.length ?? 0) + (more ? PAGE : 0));
    try {
      await connected();
      const copies: PublishedCopy[] = [];
      let total = wanted;
      while (copies.length < Math.min(wanted, total)) {
        const limit = Math.min(MOST, wanted - copies.length);
        const page = await backend.call('published', { doc: this.#doc, kind: this.#kind, offset: copies.length, limit });
        if (mine !== this.#listing) return;
        copies.push(...page.copies);
        total = page.copies.length === 0 ? copies.length : page.total;
      }
      this.list = copies;
      this.total = total;
      this.problem = '';
      for (const { id } of copies) if (this.#compared[id] === undefined) this.#waiting.add(id);
      await this.#compare();
    } catch (error) {
      if (mine === this.#listing) this.problem = sentence(error);
    }
  }

  /** Publishes something as it is now. Rejects as the command does. */
  async publish(what: PublishWhat): Promise<PublishedCopy> {
    return this.#added(await backend.call('publish', { what }));
  }

  /** Publishes once more what a copy was made from. Rejects as the command does. */
  async publishAnew(copy: PublishedCopy): Promise<PublishedCopy> {
    return this.#added(await backend.call('publish_anew', { id: copy.id }));
  }

  /** Deletes a copy for good. Rejects as the command does. */
  async delete(copy: PublishedCopy): Promise<void> {
    await backend.call('published_delete', { id: copy.id });
    await this.load();
  }

  async #added(copy: PublishedCopy): Promise<PublishedCopy> {
    await this.load();
    return copy;
  }

  /** Compares what waits, one after another: nobody waits for them, and other questions are answered in between. */
  async #compare(): Promise<void> {
    if (this.#comparing) return;
    this.#comparing = true;
    for (const id of this.#waiting) {
      if (this.#stopped) break;
      this.#waiting.delete(id);
      let found: Compared;
      try {
        found = await backend.call('published_difference', { id });
      } catch (error) {
        found = { state: 'unknown', problem: sentence(error) };
      }
      this.#compared = { ...this.#compared, [id]: found };
    }
    this.#comparing = false;
  }
}
