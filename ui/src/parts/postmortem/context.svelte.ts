/** What every part of the postmortem screen shares: the open document, people's names and hues, the zone, and ways to move. */
import type { Actor, Derived, Person, Phase, RowKind, Target } from '@bindings';
import { backend } from '@ui/backend';
import { cut } from '@ui/base/cut';
import type { PostmortemDocument, Row } from '@ui/doc/document.svelte';
import type { Offer } from '@ui/doc/editor';
import type { OpenPostmortem } from '@ui/doc/open.svelte';
import type { Copied, Who } from '@ui/doc/row-types';
import type { Step, Undone } from '@ui/doc/undo';
import { count, huesOf, reviewRoleNames } from '@ui/format';
import type { Place } from '@ui/routes';
import { postmortemHref } from '@ui/routes';
import { personHue } from '@ui/state/hues.svelte';
import { mayWrite } from '@ui/state/may';
import { replace } from '@ui/state/router.svelte';
import { directory, session } from '@ui/state/session.svelte';
import { toast } from '@ui/state/toasts.svelte';
import { setUnsaved, setUnsavedWork } from '@ui/state/unsaved.svelte';
import { getContext, setContext, tick } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type * as Y from 'yjs';

import { clockTime } from './time';
import type { Role } from './wording.svelte';

/** Under which the screen's parts find their context. */
export const POSTMORTEM = Symbol('postmortem');

/** How a finding or an action item is called: F5, A3; a dash until it has its number. */
export function numberLabel(letter: 'F' | 'A', number: number | null): string {
  return number === null ? '–' : `${letter}${String(number)}`;
}

/** The screen's shared state. */
export class PostmortemContext {
  readonly open: OpenPostmortem;
  readonly document: PostmortemDocument;
  /** What the backend computes from the document; null until it has answered. */
  derived: Derived | null = $state.raw(null);
  /** Said to screen readers; what is seen says it already. */
  said = $state('');
  /** Why the backend does not answer, when it says so itself; a sentence. */
  trouble = $state('');
  /** What the template is called; empty while that is unknown. */
  templateName = $state('');
  /** Prompts of the template's sections, by section id. */
  prompts: ReadonlyMap<string, string> = $state.raw(new Map());
  /** The row that a link led to, highlighted for a moment: its element's id. */
  marked = $state('');
  /** Fields whose words are not in the document yet. */
  readonly drafts = new SvelteSet<object>();
  /** Opens what is folded away, so that a place in it can be seen. */
  readonly reveal = new Map<string, (place: Place) => void>();
  #saying = 0;
  readonly #settling = new Set<Promise<void>>();

  constructor(open: OpenPostmortem) {
    this.open = open;
    this.document = open.document;
    this.document.allows = mayWrite;
  }

  /** The zone that times are shown in. */
  readonly zone = $derived.by(() => this.document.header.timezone || directory()?.directory.settings.timezone || session()?.timezone || 'UTC');

  /** Whoever looks may write here; else nothing that would is offered. */
  readonly writes = $derived.by(() => mayWrite());

  /** People of the directory, by id. */
  readonly people: ReadonlyMap<string, Person> = $derived.by(() => new Map((directory()?.directory.people ?? []).map((person) => [person.id, person])));

  /** Hues by person or participant row: everybody's own, unless somebody in this review who is known for longer has it. */
  readonly hues: ReadonlyMap<string, number> = $derived.by(() => {
    const rows = this.document.rows('participants');
    const hues = huesOf(rows.map((row) => row.data.person ?? row.id));
    for (const row of rows) if (row.data.person !== null) hues.set(row.id, hues.get(row.data.person) ?? 1);
    return hues;
  });

  /** Hue 1 to 8 of a person or a participant. */
  hue(id: string): number {
    return this.hues.get(id) ?? personHue(id);
  }

  /** A person's name as the review shows it: the short name where there is one. */
  personName(id: string): string {
    const known = this.people.get(id);
    if (known) return known.short_name || known.name;
    return this.document.rows('participants').find((row) => row.data.person === id)?.data.name || 'Somebody';
  }

  /** A participant's name. */
  participantName(row: Row<'participants'>): string {
    const known = row.data.person === null ? undefined : this.people.get(row.data.person);
    return known ? known.short_name || known.name : row.data.name || 'Somebody';
  }

  /** What those who took part did there, by the names that a text may call them. */
  get roles(): Role[] {
    return this.document.rows('participants').flatMap((row) => {
      const { role, person, name } = row.data;
      if (role === 'observer' || role === 'facilitator' || role === 'scribe') return [];
      const known = person === null ? undefined : this.people.get(person);
      const names = new Set([name, known?.name ?? '', known?.short_name ?? ''].filter((one) => one !== ''));
      const words = reviewRoleNames[role].toLowerCase();
      return [...names].map((one) => ({ name: one, role: words }));
    });
  }

  /** An actor in words. */
  actorName(actor: Actor | null): string {
    if (actor === null) return '';
    if (actor.type === 'role') return actor.value;
    const row = this.document.row('participants', actor.value) ?? this.document.anyRow('participants', actor.value);
    return row ? this.participantName(row) : 'Somebody';
  }

  /** The actor that some words mean: a participant or a person of the directory by name, else a role. */
  readActor(words: string): Who | null {
    const name = words.trim();
    if (name === '') return null;
    const same = (other: string): boolean => other.localeCompare(name, undefined, { sensitivity: 'accent' }) === 0;
    const there = this.document.rows('participants').find((row) => same(this.participantName(row)) || same(row.data.name));
    if (there) return { type: 'participant', value: there.id };
    const person = [...this.people.values()].find((one) => !one.left && (same(one.name) || (one.short_name !== '' && same(one.short_name))));
    return person ? { type: 'person', value: this.copyOf(person) } : { type: 'role', value: name };
  }

  /** What of a person is copied into the review. */
  copyOf(person: Person): Copied {
    return { id: person.id, name: person.short_name || person.name, title: person.role_title };
  }

  /** Who sits here. */
  get me(): Person | null {
    return session()?.me ?? null;
  }

  /** Action items that are neither done nor declined. */
  get openActions(): Row<'actions'>[] {
    return this.document.rows('actions').filter((row) => row.data.status !== 'done' && row.data.status !== 'declined');
  }

  /** Whether it may be closed by who sits here: by its review owner, once every action item is done or declined. */
  get mayClose(): boolean {
    const owner = this.document.header.reviewOwner;
    return this.openActions.length === 0 && (owner === null || owner === this.me?.id);
  }

  /** The phase whose stretch of the clock holds an instant. */
  phaseAt(at: string): Phase | null {
    const when = Date.parse(at);
    for (const span of this.derived?.phases ?? []) {
      if (span.from === null || span.to === null) continue;
      if (when >= Date.parse(span.from) && when < Date.parse(span.to)) return span.phase;
    }
    const last = this.derived?.phases.findLast((span) => span.to !== null);
    return last?.to !== undefined && last.to !== null && when === Date.parse(last.to) ? last.phase : null;
  }

  /** Events without a phase whose time says which one it is, as the key times are now. */
  get phasesByTime(): { id: string; phase: Phase }[] {
    return this.document.rows('timeline').flatMap((row) => {
      const phase = row.data.phase === null && row.data.at !== null ? this.phaseAt(row.data.at.at) : null;
      return phase === null ? [] : [{ id: row.id, phase }];
    });
  }

  /** Gives those events their phase, in one step of undo. */
  setPhasesByTime(): void {
    const events = this.phasesByTime;
    let step: Step | null = null;
    for (const { id, phase } of events) step = this.document.edit('phases by time', 'timeline', id, { phase }, step);
    if (step === null) return;
    const set = step;
    toast(`${count(events.length, 'event')} ${events.length === 1 ? 'has its' : 'have their'} phase`, { undo: () => { this.takeBack(set); } });
  }

  /** The address of a place in this postmortem. */
  href(place: Place): string {
    return postmortemHref(this.open.id, place);
  }

  /** Follows a link to a place in this postmortem, keeping the way back short. */
  follow(event: MouseEvent, place: Place): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    replace({ name: 'postmortem', id: this.open.id, place });
    void this.show(place);
  }

  /** Where a completeness check points. */
  placeOf(target: Target): Place {
    return { kind: target.kind, id: target.id, field: target.field };
  }

  /** Scrolls to a place, highlights it and focuses it. False when it is not there. */
  async show(place: Place): Promise<boolean> {
    this.reveal.get(place.kind ?? place.id)?.(place);
    if (place.kind === null && /^t[0-7]$/.test(place.id)) this.reveal.get('anchors')?.(place);
    await tick();
    const id = place.kind === null ? `place-${place.id}` : place.id === '' ? `place-${place.kind}` : `row-${place.kind}-${place.id}`;
    const element = document.getElementById(id);
    if (!element) return false;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
    this.marked = id;
    setTimeout(() => {
      if (this.marked === id) this.marked = '';
    }, 3000);
    // What is not in the line of an action item is in its details, which are a line of their own.
    const details = element.nextElementSibling?.matches('.act-details') === true ? element.nextElementSibling : null;
    const field = `[data-field="${CSS.escape(place.field)}"]`;
    const within = place.field === '' ? null : (element.querySelector<HTMLElement>(field) ?? details?.querySelector<HTMLElement>(field) ?? null);
    const focusable = 'button, input, select, textarea, a[href], [tabindex="0"], [contenteditable="true"]';
    const start = within ?? element;
    const target = start.matches(focusable) || start.hasAttribute('tabindex') ? start : (start.querySelector<HTMLElement>(focusable) ?? element);
    target.focus({ preventScroll: true });
    return true;
  }

  /** Says something to a screen reader. */
  say(sentence: string): void {
    // The same sentence twice must be another text to be read out again.
    this.#saying++;
    this.said = this.#saying % 2 === 0 ? sentence : `${sentence}\u200b`;
  }

  /** Undoes one's newest edit and says what happened. While a text is written in, what is not of it stays as it is. */
  undo(within: Y.Text | null = null): void {
    this.#report(this.document.undo(within), 'Undone', 'Nothing to undo');
  }

  /** Takes one edit back, whatever was done after it. */
  takeBack(step: Step | null): void {
    if (step !== null) this.#report(this.document.takeBack(step), 'Undone', 'It is undone already');
  }

  /** Redoes the newest undone edit and says what happened. While a text is written in, what is not of it stays as it is. */
  redo(within: Y.Text | null = null): void {
    this.#report(this.document.redo(within), 'Done again', 'Nothing to redo');
  }

  #report(undone: Undone, did: string, nothing: string): void {
    if (undone.kept && !undone.done) toast(`Somebody has changed ${undone.label || 'it'} since; it stays as it is`);
    else if (undone.outside === true) toast(`${nothing} in this text. Outside of it the keys go on with your other edits`);
    else if (undone.done) this.say(undone.label === '' ? did : `${did}: ${undone.label}`);
    else this.say(nothing);
  }

  /** Hides a row and offers to take that back. The keys go on at the row that takes its place, or where rows are added. */
  remove(kind: RowKind, id: string, words: string): void {
    const rows = this.document.rows<RowKind>(kind);
    const at = rows.findIndex((row) => row.id === id);
    const next = rows[at + 1] ?? rows[at - 1];
    const step = this.document.hide(words, kind, id);
    toast(`Deleted: ${cut(words, 80)}`, {
      undo: () => {
        this.takeBack(step);
        void this.#goOn(kind, id);
      },
    });
    void this.#goOn(kind, next?.id);
  }

  /** Keys that have lost their place go on at a row, or where rows of its kind are added. */
  async #goOn(kind: RowKind, id: string | undefined): Promise<void> {
    await tick();
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body && !(activeElement instanceof HTMLDialogElement)) return;
    const row = id === undefined ? null : document.getElementById(`row-${kind}-${id}`);
    (row?.querySelector<HTMLElement>('[data-keeps-focus]') ?? document.getElementById(`add-${kind}`))?.focus();
  }

  /** People after `@`; findings and action items after `#`. */
  readonly offers = (sign: '@' | '#', query: string): Offer[] => {
    const words = query.toLocaleLowerCase();
    if (sign === '@') {
      const here = this.document.rows('participants').map((row) => ({ name: this.participantName(row), detail: row.data.title }));
      const names = new Set(here.map((one) => one.name));
      const others = [...this.people.values()].filter((one) => !one.left).map((one) => ({ name: one.short_name || one.name, detail: one.role_title }));
      return [...here, ...others.filter((one) => !names.has(one.name))]
        .filter((one) => one.name.toLocaleLowerCase().includes(words))
        .map((one) => ({ label: one.name, insert: one.name, detail: one.detail }));
    }
    const offers: Offer[] = [];
    for (const row of this.document.rows('findings')) {
      if (row.data.number !== null) offers.push({ label: `F${String(row.data.number)}`, insert: `F${String(row.data.number)}`, detail: cut(row.data.text, 60) });
    }
    for (const row of this.document.rows('actions')) {
      if (row.data.number !== null) offers.push({ label: `A${String(row.data.number)}`, insert: `A${String(row.data.number)}`, detail: cut(row.data.text, 60) });
    }
    return offers.filter((offer) => `${offer.label} ${offer.detail}`.toLocaleLowerCase().includes(words));
  };

  /** A reference such as F5 in a text, when there is such a row. */
  reference(words: string): Place | null {
    const number = Number(words.slice(1));
    const kind = words.startsWith('F') ? 'findings' : 'actions';
    const row = this.document.rows<'findings' | 'actions'>(kind).find((one) => one.data.number === number);
    return row ? { kind, id: row.id, field: '' } : null;
  }

  /** An event's clock time, for a reference to it. */
  eventLabel(row: Row<'timeline'>): string {
    return row.data.at ? clockTime(row.data.at.at, this.zone) : 'no time';
  }

  /** A field that goes is no draft any more. What is read while it goes is as it was before, so this comes right after. */
  forget(field: object): void {
    queueMicrotask(() => {
      this.draft(field, false);
      setUnsavedWork(field, null);
    });
  }

  /** Notes that a field is finding out what its words mean: the document stays open until it has. */
  settling(work: Promise<unknown>): void {
    const release = this.open.hold();
    const ended = work.catch(() => undefined).then(() => {
      this.#settling.delete(ended);
      release();
    });
    this.#settling.add(ended);
  }

  /** Waits until every field that was left knows what its words mean. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
  }

  /** Notes whether a field shows words that are not in the document yet, so that nothing calls them saved. */
  draft(field: object, on: boolean): void {
    setUnsaved(field, on ? 1 : 0);
    if (on) this.drafts.add(field);
    else this.drafts.delete(field);
  }

  /** Asks the backend again for what it computes. */
  async loadDerived(): Promise<void> {
    this.derived = await backend.call('postmortem_derived', { doc: this.open.id });
  }
}

/** Gives the context to everything inside. */
export function provide(context: PostmortemContext): void {
  setContext(POSTMORTEM, context);
}

/** The context of the screen around. */
export function usePostmortem(): PostmortemContext {
  return getContext<PostmortemContext>(POSTMORTEM);
}
