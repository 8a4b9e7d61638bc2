import type { PostmortemFilter, PostmortemRow, PostmortemSort, Severity, Status, StatusCounts } from '@bindings';
import { backend, connected, sentence } from '../backend';
import { dayNumber, dayOfNumber, writeDay } from '../format';
import type { Day } from '../format';
import { prefs, setPref } from './prefs.svelte';

/** Rows fetched in one go. */
export const PAGE = 50;

const sorts: readonly string[] = ['newest', 'oldest', 'severity', 'title', 'duration', 'updated'];

/** Stretches of time that the date filter offers. */
export type Dates = 'any' | '30' | '90' | 'year' | 'last_year' | 'between';

/** First and last day of a stretch, seen from `today`; empty strings leave that end open. */
export function datesOf(dates: Dates, today: Day, from: string, to: string): { from: string | null; to: string | null } {
  switch (dates) {
    case 'any':
      return { from: null, to: null };
    case '30':
    case '90':
      return { from: writeDay(dayOfNumber(dayNumber(today) - Number(dates))), to: null };
    case 'year':
      return { from: `${today.year}-01-01`, to: null };
    case 'last_year':
      return { from: `${today.year - 1}-01-01`, to: `${today.year - 1}-12-31` };
    case 'between':
      return { from: from === '' ? null : from, to: to === '' ? null : to };
  }
}

/** This computer's calendar day. */
export function today(): Day {
  const now = new Date();
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}

/**
 * The list of postmortems: its filter, and as many of its rows as somebody has looked at. It outlives the screen, so
 * that coming back shows the same place at once.
 */
class PostmortemList {
  /** What was typed into the search field. */
  query = $state('');
  /** The chosen tab. */
  status = $state<Status | 'all'>('all');
  /** Chosen severities; none for all. */
  severities = $state.raw<readonly Severity[]>([]);
  /** Chosen services by id; none for all. */
  services = $state.raw<readonly string[]>([]);
  /** The chosen stretch of time. */
  dates = $state<Dates>('any');
  /** First day of `between`. */
  from = $state('');
  /** Last day of `between`. */
  to = $state('');
  /** The order. */
  sort = $state<PostmortemSort>(sorts.includes(prefs().sort) ? (prefs().sort as PostmortemSort) : 'newest');

  /** Rows by place; those that nobody has scrolled to are missing. */
  rows = $state.raw<readonly (PostmortemRow | undefined)[]>([]);
  /** How many match the filter by status. */
  byStatus = $state.raw<StatusCounts>({ draft: 0, in_review: 0, follow_up: 0, closed: 0 });
  /** An answer has come. */
  loaded = $state(false);
  /** Why the last question was not answered; empty when it was. */
  error = $state('');

  /** The row that the keys are on. */
  at = 0;
  /** Where the window was scrolled to. */
  scrollY = 0;
  /** A row had the focus when the screen was left. */
  leftAt = false;

  #ticket = 0;
  #asked = new Set<number>();
  #seen = { from: 0, to: PAGE };

  /** Something besides the search narrows the list. */
  get narrowed(): boolean {
    return this.query.trim() !== '' || this.status !== 'all' || this.severities.length > 0 || this.services.length > 0 || this.dates !== 'any';
  }

  /** Shows everything again. */
  clear(): void {
    this.query = '';
    this.status = 'all';
    this.severities = [];
    this.services = [];
    this.dates = 'any';
  }

  /** Changes the order and remembers it on this device. */
  sortBy(sort: PostmortemSort): void {
    this.sort = sort;
    setPref('sort', sort);
  }

  /** The filter as the backend takes it. */
  filter(): Partial<PostmortemFilter> {
    return {
      query: this.query.trim(),
      status: this.status === 'all' ? null : this.status,
      severities: [...this.severities],
      services: [...this.services],
      sort: this.sort,
      ...datesOf(this.dates, today(), this.from, this.to),
    };
  }

  /** Starts over after the filter changed. */
  async restart(): Promise<void> {
    this.#seen = { from: 0, to: PAGE };
    this.at = 0;
    await this.reload();
  }

  /** Loads again what is in view; the old rows stay until the answer is there. */
  async reload(): Promise<void> {
    const ticket = ++this.#ticket;
    const first = Math.floor(this.#seen.from / PAGE);
    const last = Math.max(first, Math.floor(Math.max(0, this.#seen.to - 1) / PAGE));
    this.#asked = new Set();
    for (let page = first; page <= last; page++) this.#asked.add(page);
    try {
      await connected();
      const answer = await backend.call('postmortem_list', { ...this.filter(), offset: first * PAGE, limit: (last - first + 1) * PAGE });
      if (ticket !== this.#ticket) return;
      const rows = new Array<PostmortemRow | undefined>(answer.total);
      answer.rows.forEach((row, i) => {
        if (first * PAGE + i < rows.length) rows[first * PAGE + i] = row;
      });
      this.rows = rows;
      this.byStatus = answer.by_status;
      this.error = '';
      this.loaded = true;
      // Fewer rows than before: what is in view now lies before what was asked for.
      if (answer.rows.length === 0 && answer.total > 0 && first > 0) {
        this.#seen = { from: 0, to: PAGE };
        await this.reload();
      }
    } catch (error) {
      if (ticket === this.#ticket) this.error = sentence(error);
    }
  }

  /** Loads the rows from `from` up to `to` unless they are there or on their way. */
  async see(from: number, to: number): Promise<void> {
    this.#seen = { from, to };
    const ticket = this.#ticket;
    for (let page = Math.floor(from / PAGE); page <= Math.floor(Math.max(0, to - 1) / PAGE); page++) {
      if (this.#asked.has(page) || page * PAGE >= this.rows.length) continue;
      this.#asked.add(page);
      try {
        const answer = await backend.call('postmortem_list', { ...this.filter(), offset: page * PAGE, limit: PAGE });
        if (ticket !== this.#ticket) return;
        if (answer.total !== this.rows.length) {
          await this.reload();
          return;
        }
        const rows = this.rows.slice();
        answer.rows.forEach((row, i) => {
          rows[page * PAGE + i] = row;
        });
        this.rows = rows;
      } catch (error) {
        this.#asked.delete(page);
        if (ticket === this.#ticket) this.error = sentence(error);
        return;
      }
    }
  }
}

/** The one list. */
export const postmortems = new PostmortemList();
