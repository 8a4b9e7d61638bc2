import type { Freshness, PublishedCopy, PublishedDifference, PublishedKind, PublishWhat } from '@bindings';
import { backend, connected, sentence } from '../../backend';
import { onChanges } from '../../state/session.svelte';

/** Copies that are asked for at once; each is compared with what it would be now. */
const PAGE = 20;
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
  #comparing = 0;
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
    void this.load();
    let pause: ReturnType<typeof setTimeout> | undefined;
    const stopList = onChanges((changed) => changed.type === 'published', () => void this.load());
    const stopFigures = onChanges(
      (changed) => changed.type === 'directory' || changed.type === 'postmortem',
      () => {
        clearTimeout(pause);
        pause = setTimeout(() => void this.#compare(this.list ?? []), QUIET);
      },
    );
    return () => {
      stopList();
      stopFigures();
      clearTimeout(pause);
      this.#listing += 1;
      this.#comparing += 1;
    };
  }

  /** Loads the list anew; with `more`, a page beyond what is there. */
  async load(more = false): Promise<void> {
    const mine = ++this.#listing;
    const limit = (this.list?.length ?? 0) + (more || this.list === null ? PAGE : 0);
    try {
      await connected();
      const page = await backend.call('published', { doc: this.#doc, kind: this.#kind, offset: 0, limit: Math.max(PAGE, limit) });
      if (mine !== this.#listing) return;
      this.list = page.copies;
      this.total = page.total;
      this.problem = '';
      await this.#compare(page.copies.filter((copy) => this.#compared[copy.id] === undefined));
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

  async #compare(copies: readonly PublishedCopy[]): Promise<void> {
    const mine = ++this.#comparing;
    // One after another: nobody waits for them, and other questions are answered in between.
    for (const { id } of copies) {
      let found: Compared;
      try {
        found = await backend.call('published_difference', { id });
      } catch (error) {
        found = { state: 'unknown', problem: sentence(error) };
      }
      if (mine !== this.#comparing) return;
      this.#compared = { ...this.#compared, [id]: found };
    }
  }
}
