import { tick } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { ActionFilter, ActionGroup, ActionPage, ActionRow } from '@bindings';
import { backend, connected, sentence } from '../../backend';
import { readDay } from '../../format';
import { markReady } from '../../ready';
import { account, loadSession, onChanges, session } from '../../state/session.svelte';
import { thisDay } from '../../today.svelte';
import { isSettled, rowKey } from './groups';

/** Rows that are asked for at once. */
export const PAGE = 500;
/** Postmortems that may have changed at once for their items alone to be asked for. */
const FEW = 3;
/** Milliseconds after which everything is asked for again in a team's workspace, and as many more by chance. */
const CALM = 5000;

/** What a list asks of the screen that shows it. */
interface Screen {
  /** Which items are wanted now. */
  filter: () => Partial<ActionFilter>;
  /** Rows are about to change; what is returned is called once they have been drawn. */
  hold: () => () => Promise<void>;
  /** A whole list has come, and has not been drawn yet. */
  came: () => void;
}

/** The rows of the list of action items as far as they have been asked for, with what the backend says of all of them. Reactive. */
export class ActionList {
  rows = $state.raw<readonly ActionRow[]>([]);
  /** How many there are, those that have not been asked for yet included. */
  total = $state(0);
  /** How many of all are neither done nor declined. */
  open = $state(0);
  done = $state(0);
  /** The backend's day as soon as it has answered, this computer's until then and after midnight. */
  today = $derived(thisDay());
  loaded = $state(false);
  /** The sentence that says why it could not be asked for; empty when it could. */
  problem = $state('');
  /** What the backend says of groups, by their key. */
  readonly told = new SvelteMap<string, ActionGroup>();
  /** Numbers the questions: an answer to an older one is no answer any more. */
  #asked = 0;
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Asks for everything that is wanted now. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    try {
      await connected();
      if (session() === null) await loadSession();
      const drawn = this.#screen.hold();
      const page = await backend.call('action_list', { ...this.#screen.filter(), offset: 0, limit: Math.max(PAGE, this.rows.length) });
      if (mine !== this.#asked) return;
      this.told.clear();
      this.#tellGroups(page);
      this.rows = page.rows;
      this.total = page.total;
      this.open = page.open;
      this.done = page.done;
      this.today = readDay(page.today) ?? this.today;
      this.problem = '';
      this.loaded = true;
      this.#screen.came();
      await tick();
      await drawn();
      markReady();
    } catch (error) {
      if (mine === this.#asked) this.problem = sentence(error);
    }
  }

  /** Asks for the next rows. */
  async loadMore(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const page = await backend.call('action_list', { ...this.#screen.filter(), offset: this.rows.length, limit: PAGE });
      if (mine !== this.#asked) return;
      const known = new Set(this.rows.map(rowKey));
      this.#tellGroups(page);
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(rowKey(row)))];
      this.total = page.total;
    } catch (error) {
      if (mine === this.#asked) this.problem = sentence(error);
    }
  }

  /** Puts a row in its own place, and counts on. */
  put(row: ActionRow): void {
    const key = rowKey(row);
    const old = this.rows.find((each) => rowKey(each) === key);
    if (old !== undefined) {
      if (!isSettled(old) && isSettled(row)) {
        this.open -= 1;
        if (row.status === 'done') this.done += 1;
      } else if (isSettled(old) && !isSettled(row)) {
        this.open += 1;
        if (old.status === 'done') this.done -= 1;
      }
    }
    this.rows = this.rows.map((each) => (rowKey(each) === key ? row : each));
  }

  /** Keeps in step with what changes, here and elsewhere; returns the way to stop that. */
  follow(): () => void {
    const changed = new Set<string>();
    let whole = false;
    let whenCalm: ReturnType<typeof setTimeout> | undefined;
    const stop = onChanges(
      (change) => {
        if (change.type === 'postmortem' && change.doc !== '' && account() !== null) changed.add(change.doc);
        else whole = true;
        return true;
      },
      () => {
        const docs = [...changed];
        changed.clear();
        clearTimeout(whenCalm);
        if (whole || docs.length > FEW) void this.load();
        else {
          void this.#loadOf(docs);
          // The counts of all pages and groups follow, not for everybody at the same moment.
          whenCalm = setTimeout(() => void this.load(), CALM + Math.random() * CALM);
        }
        whole = false;
      },
    );
    return () => {
      stop();
      clearTimeout(whenCalm);
    };
  }

  /** Asks for the items of postmortems that have changed alone: many people may have this list open at once. */
  async #loadOf(docs: readonly string[]): Promise<void> {
    const mine = this.#asked;
    try {
      const pages = await Promise.all(docs.map((doc) => backend.call('action_list', { ...this.#screen.filter(), doc, offset: 0, limit: PAGE })));
      // A whole list that was asked for meanwhile has it, too.
      if (mine !== this.#asked) return;
      const drawn = this.#screen.hold();
      const fresh = pages.flatMap((page) => page.rows);
      const [old, others] = [this.rows.filter((row) => docs.includes(row.doc)), this.rows.filter((row) => !docs.includes(row.doc))];
      const more = (wanted: (row: ActionRow) => boolean) => fresh.filter(wanted).length - old.filter(wanted).length;
      this.rows = [...others, ...fresh];
      this.total += more(() => true);
      this.open += more((row) => !isSettled(row));
      this.done += more((row) => row.status === 'done');
      await tick();
      await drawn();
    } catch {
      void this.load();
    }
  }

  #tellGroups(page: ActionPage): void {
    for (const group of page.groups) this.told.set(group.key, group);
  }
}
