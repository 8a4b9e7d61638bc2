import type { ReplicaState } from '@bindings';
import type { IconName } from '../../base/icons';
import { count, inZone, shortDay } from '../../format';

/** What is said of a copy of a team's workspace. */
export interface TeamWords {
  /** A few words for the foot of the navigation. */
  short: string;
  /** Everything in one or two sentences. */
  long: string;
  /** Somebody should look. */
  attend: boolean;
  /** The picture. */
  icon: IconName;
}

/** "14:05" of today, "16 Nov, 14:05" of another day. */
function when(instant: string, now: Date): string {
  const at = inZone(instant, '');
  const today = inZone(now.toISOString(), '');
  if (at === null || today === null) return '';
  const day = shortDay(at, today.year);
  return day === shortDay(today, today.year) ? at.time : `${day}, ${at.time}`;
}

/** How a copy of a team's workspace stands, in words. */
export function teamWords(state: ReplicaState, now: Date): TeamWords {
  const name = state.name === '' ? 'the team’s workspace' : state.name;
  const waits = state.waiting + state.waiting_images;
  const waiting = waits === 0 ? '' : state.waiting === 0 ? count(state.waiting_images, 'picture') : count(state.waiting, 'postmortem');
  const refused = state.refused.length;
  const withdrawn = state.withdrawn.length > 0 || refused > 0;
  const not = refused === 0 ? '' : ` Edits of ${count(refused, 'postmortem')} are not taken there: see below.`;
  if (state.link === 'ended') {
    const kept = waits === 0 ? 'Everything that was here can still be read and exported.' : `Edits of ${waiting} were not handed in. They are still here and can be exported.`;
    return { short: 'Access ended', long: `${state.reason} ${kept}`.trim(), attend: true, icon: 'shield' };
  }
  if (state.link === 'connected') {
    if (waits > 0) return { short: `Handing in ${waiting}`, long: `Connected to ${name}. Edits of ${waiting} are on this computer and not there yet.${not}`, attend: withdrawn, icon: 'sync' };
    if (refused > 0) return { short: `${count(refused, 'postmortem')} not taken`, long: `Connected to ${name}.${not}`, attend: true, icon: 'sync' };
    return { short: `Connected to ${name}`, long: `Connected to ${name}. Everything is saved here and there.`, attend: withdrawn, icon: 'people' };
  }
  const since = state.met_at === null ? '' : ` since ${when(state.met_at, now)}`;
  const keeps = waits === 0 ? 'Whatever you write is saved here and handed in later.' : `Edits of ${waiting} are saved here and handed in later.`;
  return {
    short: waits === 0 ? `Working away${since}` : `Working away, ${state.waiting === 0 ? waiting : state.waiting} waiting`,
    long: `Working away from ${name}${since}. ${keeps}${not}${state.reason === '' ? '' : ` ${state.reason}`}`,
    attend: withdrawn,
    icon: 'laptop',
  };
}
