/** The review meeting of one postmortem as this person sees it: its stages, its clock, and what they may do. */
import type { Changed, MeetingAct, MeetingFound, MeetingLength, MeetingStage, MeetingView, RoomRight } from '@bindings';
import type { Backend } from '@ui/backend/backend';
import { ApiError, sentence } from '@ui/backend/backend';
import { mayWrite } from './may';
import { toast } from './toasts.svelte';

/** Seconds that "2 more minutes" borrows. */
export const TWO_MINUTES = 120;

/** The first pause before an arrival that did not get through is tried again, in milliseconds; each is twice the one before. */
const AGAIN = 1000;
/** The longest of them. */
const SELDOM = 30_000;
/** So many times in a row it may turn out that nothing can be stored before that is taken for granted. */
const UNSTORED = 4;

/** What a stage shows: what it captures, and two screens of their own for the first stage and the last. */
export type StageScreen = 'opening' | 'impact' | 'timeline' | 'findings' | 'actions' | 'parking' | 'wrapup';

/** Which screen a stage has. A first stage that captures nothing of its own is the opening, a last one the wrap-up. */
export function screenOf(stages: readonly MeetingStage[], index: number): StageScreen {
  const captures = stages[index]?.captures ?? '';
  switch (captures) {
    case 'impact':
    case 'timeline':
    case 'findings':
    case 'actions':
      return captures;
    default:
      if (index === 0 && stages.length > 1) return 'opening';
      return index === stages.length - 1 && captures === '' ? 'wrapup' : 'parking';
  }
}

/** "3:18", "1:02:40", of whole seconds. */
export function clockFace(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${String(hours)}:${pad(minutes)}:${pad(whole % 60)}` : `${String(minutes)}:${pad(whole % 60)}`;
}

/** "8 min", of seconds; half a minute and more counts as one. */
export function minutes(seconds: number): string {
  return `${String(Math.round(seconds / 60))} min`;
}

/** "7 min", of the seconds that a stage took: a minute that was begun counts, as in what is written down at the end. */
export function tookMinutes(seconds: number): string {
  return `${String(Math.ceil(seconds / 60))} min`;
}

/** "3 minutes 18 seconds", for a screen reader. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const part = (n: number, one: string): string => (n === 0 ? '' : `${String(n)} ${n === 1 ? one : `${one}s`}`);
  return [part(Math.floor(whole / 60), 'minute'), part(whole % 60, 'second')].filter((words) => words !== '').join(' ') || '0 seconds';
}

/**
 * What a screen reader is told while a stage's time runs from one second to the next: at half of it, at one minute, and
 * when it is over. `left` is in seconds and below zero once the time is over. Empty for nothing.
 */
export function told(before: number, left: number, planned: number): string {
  const passed = (mark: number): boolean => before > mark && left <= mark;
  if (planned <= 0) return '';
  if (passed(0)) return 'The time of this stage is over. Two more minutes, or go on?';
  if (planned > 60 && passed(60)) return 'One minute left.';
  return planned > 120 && passed(planned / 2) ? `Half of the time is over: ${spoken(left)} left.` : '';
}

/** A later stage that can lend time. */
export interface Lender {
  index: number;
  stage: MeetingStage;
}

/** The later stages that can lend so many seconds, in their order. */
export function lenders(view: Pick<MeetingView, 'stages' | 'at'>, seconds: number): Lender[] {
  return view.stages.map((stage, index) => ({ stage, index })).filter(({ stage, index }) => index > view.at && !stage.skipped && stage.planned >= seconds);
}

/** The stage that lends unless another one is named: the one with the most time. Action items give none away by default. */
export function usualLender(view: Pick<MeetingView, 'stages' | 'at'>, seconds: number): Lender | null {
  let most: Lender | null = null;
  for (const one of lenders(view, seconds)) {
    if (one.stage.captures !== 'actions' && (most === null || one.stage.planned > most.stage.planned)) most = one;
  }
  return most;
}

/** The stage that comes next, or came before, without those that are left out; null at the end. */
export function neighbour(stages: readonly MeetingStage[], from: number, by: 1 | -1): number | null {
  for (let at = from + by; at >= 0 && at < stages.length; at += by) if (stages[at]?.skipped === false) return at;
  return null;
}

/** A stage is behind the room: it took time, or the room has gone past it. */
export function isPassed(stages: readonly MeetingStage[], index: number, at: number): boolean {
  const stage = stages[index];
  return stage !== undefined && index !== at && (stage.used > 0 || (index < at && !stage.skipped));
}

/** A random UUID (version 4). It tells nothing of when it was made, so that nobody can guess who wrote what silently. */
export function draftId(fill: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes)): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When a row was made, milliseconds since 1970, as its id tells; null for an id that tells nothing of it. */
export function madeAt(id: string): number | null {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

/** The meeting of one postmortem. */
export class Meeting {
  readonly doc: string;
  /** As it was last told; null while there is none. */
  view: MeetingView | null = $state.raw(null);
  /** It has been told whether there is one. */
  known = $state(false);
  /** Why it is not known, as a sentence. */
  trouble = $state('');
  /** Now, by the clock of the computer that holds the meeting: milliseconds since 1970. */
  now = $state(Date.now());
  /** Why nothing of it can be stored although the computer that holds it answers, as a sentence; empty while it can. */
  unwritable = $state('');
  /** The stage that this window looks at while the room is in another one. */
  looking: number | null = $state(null);
  readonly #backend: Pick<Backend, 'call'>;
  /** How far that clock is ahead of this one. */
  #ahead = 0;
  #asked = 0;
  #stopped = false;
  #arriving = false;
  #missed = 0;
  #unstored = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(doc: string, backend: Pick<Backend, 'call'>) {
    this.doc = doc;
    this.#backend = backend;
  }

  /** It goes on. */
  readonly open = $derived.by(() => this.view !== null && this.view.ended_at === null);
  /** What I may do. */
  readonly right: RoomRight = $derived.by(() => this.view?.right ?? 'viewer');
  /** I lead it. */
  readonly leads = $derived.by(() => this.right === 'facilitator');
  /** I may write. */
  readonly writes = $derived.by(() => this.right !== 'viewer' && mayWrite());
  /** The stages in order. */
  readonly stages: readonly MeetingStage[] = $derived.by(() => this.view?.stages ?? []);
  /** The stage that the room is in. */
  readonly at = $derived.by(() => this.view?.at ?? 0);
  /** The stage that this window shows. */
  readonly shown = $derived.by(() => (this.looking !== null && this.looking < this.stages.length ? this.looking : this.at));
  /** What that stage shows. */
  readonly screen: StageScreen = $derived.by(() => screenOf(this.stages, this.shown));
  /** The prompts of the stage that is shown. */
  readonly prompts: readonly string[] = $derived.by(() => this.stages[this.shown]?.prompts ?? []);
  /** The prompt that is shown, from 0. */
  readonly prompt = $derived.by(() => (this.shown === this.at ? (this.view?.prompt ?? 0) : 0));
  /** Seconds that the room's stage has taken. */
  readonly used = $derived.by(() => {
    const { view } = this;
    if (view === null) return 0;
    const before = view.stages[view.at]?.used ?? 0;
    return view.ended_at === null ? before + Math.max(0, Math.floor((this.now - Date.parse(view.since)) / 1000)) : before;
  });
  /** Seconds that the room's stage may take. */
  readonly planned = $derived.by(() => this.stages[this.at]?.planned ?? 0);
  /** Seconds that are left of it; below zero once they are over. */
  readonly left = $derived.by(() => this.planned - this.used);

  /** Lets the clock go on. */
  tick(): void {
    this.now = Date.now() + this.#ahead;
  }

  /** What was told may be about this meeting. A postmortem without an address stands for everything: nobody listened for a while. */
  isToldOf(changed: Changed): boolean {
    return changed.type === 'meeting' ? changed.doc === this.doc : changed.type === 'postmortem' && changed.doc === '';
  }

  /** Asks how the meeting stands. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const found = await this.#backend.call('meeting', { doc: this.doc });
      if (mine === this.#asked) this.#take(found);
      this.trouble = '';
    } catch (error) {
      if (mine === this.#asked) this.trouble = sentence(error);
    }
  }

  /** Opens a meeting, or finds it open. False, with a message, when that is refused. */
  async begin(length: MeetingLength): Promise<boolean> {
    return this.#ask(() => this.#backend.call('meeting_open', { doc: this.doc, length }));
  }

  /** Does something in the meeting. False, with a message unless it is `quiet`, when that is refused. */
  async act(act: MeetingAct, quiet = false): Promise<boolean> {
    return this.#ask(() => this.#backend.call('meeting_do', { doc: this.doc, act }), quiet);
  }

  /**
   * Says that I have come, unless that is known: whoever looks at an open meeting has. What does not get through is tried
   * again, later each time, for as long as it is due; where the computer answers but stores nothing, a few times.
   */
  async arrive(): Promise<void> {
    if (this.#stopped || this.#arriving || this.#again !== undefined || this.unwritable !== '' || !this.#expected) return;
    this.#arriving = true;
    const came = await this.act({ type: 'arrive' }, true);
    this.#arriving = false;
    if (came && !this.#expected) this.#missed = 0;
    if (this.#stopped || this.unwritable !== '' || !this.#expected) return;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.arrive();
    }, Math.min(SELDOM, AGAIN * 2 ** this.#missed++));
  }

  /** It goes on and I am not among those who have come. */
  get #expected(): boolean {
    const { view } = this;
    return view !== null && view.ended_at === null && view.me !== '' && !view.present.includes(view.me);
  }

  /** Nothing is tried again any more. */
  stop(): void {
    clearTimeout(this.#again);
    this.#stopped = true;
  }

  /** Takes the room to the next stage or the one before. */
  async step(by: 1 | -1): Promise<void> {
    const to = neighbour(this.stages, this.at, by);
    if (to === null) return;
    this.looking = null;
    await this.act({ type: 'go', from: this.at, to });
  }

  /** Shows the next prompt or the one before. */
  async turn(by: 1 | -1): Promise<void> {
    const index = this.prompt + by;
    if (this.shown === this.at && index >= 0 && index < this.prompts.length) await this.act({ type: 'prompt', index });
  }

  /** It may be tried again whether something can be stored. */
  stored(): void {
    this.#unstored = 0;
    this.unwritable = '';
  }

  async #ask(call: () => Promise<MeetingFound>, quiet = false): Promise<boolean> {
    const mine = ++this.#asked;
    try {
      const found = await call();
      this.stored();
      // A later answer knows more, whichever comes first.
      if (mine === this.#asked || (found.meeting?.revision ?? 0) > (this.view?.revision ?? 0)) this.#take(found);
      return true;
    } catch (error) {
      if (!quiet) toast(sentence(error), { attend: true });
      // What was refused tells that the page shows something else than what holds.
      await this.load();
      if (error instanceof ApiError && error.code === 'unavailable' && this.trouble === '' && ++this.#unstored >= UNSTORED) this.unwritable = sentence(error);
      return false;
    }
  }

  #take({ meeting }: MeetingFound): void {
    const { view } = this;
    // A slow answer may be older than what was told meanwhile.
    if (meeting !== null && view !== null && meeting.started_at === view.started_at && meeting.revision < view.revision) return;
    this.known = true;
    if (meeting !== null) this.#ahead = Date.parse(meeting.now) - Date.now();
    if (meeting?.ended_at !== null) this.looking = null;
    this.view = meeting;
    this.tick();
  }
}
