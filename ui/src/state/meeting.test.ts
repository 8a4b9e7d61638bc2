import type { MeetingAct, MeetingFound, MeetingStage, MeetingView } from '@bindings';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@ui/backend/backend';
import { clockFace, draftId, isPassed, lenders, madeAt, Meeting, minutes, neighbour, screenOf, spoken, told, usualLender } from './meeting.svelte';

function stage(id: string, captures: string, planned = 300, more: Partial<MeetingStage> = {}): MeetingStage {
  return { id, name: id, captures, prompts: ['One?', 'Two?'], planned, used: 0, skipped: false, ...more };
}

function view(more: Partial<MeetingView> = {}): MeetingView {
  return {
    revision: 1, now: '2026-11-10T16:00:00Z', started_at: '2026-11-10T16:00:00Z', ended_at: null, facilitator: 'greg', me: 'greg', right: 'facilitator', host: true, host_name: 'Greg',
    stages: [stage('open', 'parking'), stage('findings', 'findings', 480), stage('actions', 'actions', 600), stage('close', '', 120)],
    at: 0, since: '2026-11-10T16:00:00Z', prompt: 0, locked: false, present: ['greg'], ready: [], silent: null, voting: null, question: null, hint: null, cockpit: { notes: '', heard: [] }, ...more,
  };
}

/** A meeting whose backend answers with what it is given, and tells what it was asked. */
function meeting(answer: MeetingFound) {
  const acts: MeetingAct[] = [];
  const backend = {
    call: (name: string, request: unknown) => {
      if (name === 'meeting_do') acts.push((request as { act: MeetingAct }).act);
      return Promise.resolve(answer as never);
    },
  };
  return { meeting: new Meeting('doc', backend), acts };
}

describe('the clock', () => {
  it('shows minutes and seconds, and hours when there are any', () => {
    expect([198, 0, 59, 600, 3760].map(clockFace)).toEqual(['3:18', '0:00', '0:59', '10:00', '1:02:40']);
    expect(minutes(480)).toBe('8 min');
    expect([spoken(198), spoken(61), spoken(0)]).toEqual(['3 minutes 18 seconds', '1 minute 1 second', '0 seconds']);
  });

  it('is told at half of the time, one minute before its end and at its end, and at no other second', () => {
    const said = [];
    for (let left = 480; left > -10; left--) if (told(left, left - 1, 480) !== '') said.push(left - 1);
    expect(said, 'three times in eight minutes').toEqual([240, 60, 0]);
    expect(told(241, 55, 480), 'a window that slept tells the most pressing').toContain('One minute');
    expect(told(50, 49, 60), 'a stage of a minute is not told that a minute is left').toBe('');
  });

  it('counts by the clock of the computer that holds the meeting', async () => {
    const theirs = Date.now() + 3_600_000;
    const ahead = new Date(theirs).toISOString();
    // Half a second more, so that a slow answer does not make it another second.
    const since = new Date(theirs - 90_500).toISOString();
    const { meeting: one } = meeting({ meeting: view({ now: ahead, since, at: 1, stages: [stage('open', 'parking'), stage('findings', 'findings', 480, { used: 30 })] }) });
    await one.load();
    expect(one.used, 'what the stage had taken before, and ninety seconds since').toBe(120);
    expect(one.left).toBe(360);
  });

  it('goes back to nothing that was told earlier', async () => {
    const answers: ((found: MeetingFound) => void)[] = [];
    const one = new Meeting('doc', { call: () => new Promise<never>((resolve) => answers.push(resolve as never)) });
    const act = one.act({ type: 'go', from: 0, to: 1 });
    const load = one.load();
    answers[0]?.({ meeting: view({ revision: 3, at: 1 }) });
    await act;
    answers[1]?.({ meeting: view({ revision: 2 }) });
    await load;
    expect(one.at, 'it was asked later, read earlier and answered last').toBe(1);
    const next = one.load();
    answers[2]?.({ meeting: view({ revision: 1, started_at: '2026-11-11T16:00:00Z' }) });
    await next;
    expect(one.view?.started_at, 'another meeting counts anew').toBe('2026-11-11T16:00:00Z');
  });

  it('stands still once the meeting is over', async () => {
    const { meeting: one } = meeting({ meeting: view({ ended_at: '2026-11-10T16:40:00Z' }) });
    await one.load();
    expect(one.used).toBe(0);
    expect(one.open).toBe(false);
  });
});

describe('coming to a meeting', () => {
  afterEach(() => vi.useRealTimers());

  /** A backend whose `meeting_do` fails as often as is said, and that counts what it is asked. */
  function failing(times: number, absent: MeetingView, came: MeetingView) {
    const asked = { acts: 0, loads: 0 };
    let left = times;
    let now = absent;
    const one = new Meeting('doc', {
      call: (name: string) => {
        if (name === 'meeting') asked.loads++;
        if (name === 'meeting_do') {
          asked.acts++;
          if (left-- > 0) return Promise.reject(new Error('Out of reach.'));
          now = came;
        }
        return Promise.resolve({ meeting: now } as never);
      },
    });
    return { one, asked };
  }

  it('is said again, later each time, until it has arrived', async () => {
    vi.useFakeTimers();
    const { one, asked } = failing(2, view({ present: [] }), view({ revision: 2 }));
    await one.load();
    await one.arrive();
    void one.arrive();
    expect(asked.acts, 'a second look does not ask while a try is due').toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.acts).toBe(2);
    await vi.advanceTimersByTimeAsync(1999);
    expect(asked.acts, 'the pause is twice as long').toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect([asked.acts, one.view?.present], 'the third one gets through').toEqual([3, ['greg']]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked.acts, 'nothing is asked once it is known').toBe(3);
  });

  it('is said for a second review on the same page', async () => {
    const { one, asked } = failing(0, view({ present: [] }), view({ revision: 2 }));
    await one.load();
    await one.arrive();
    one.view = view({ started_at: '2026-11-11T16:00:00Z', present: ['cathy'] });
    await one.arrive();
    expect(asked.acts).toBe(2);
  });

  it('is not said by a page that has gone, nor to a meeting that has ended', async () => {
    vi.useFakeTimers();
    const { one, asked } = failing(1, view({ present: [] }), view());
    await one.load();
    await one.arrive();
    one.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.acts).toBe(1);
    const ended = failing(0, view({ present: [], ended_at: '2026-11-10T17:00:00Z' }), view());
    await ended.one.load();
    await ended.one.arrive();
    expect(ended.asked.acts).toBe(0);
  });

  it('is given up where the computer answers and can store nothing, until something is stored', async () => {
    vi.useFakeTimers();
    let acts = 0;
    let readOnly = true;
    const one = new Meeting('doc', {
      call: (name: string) => {
        if (name === 'meeting_do') acts++;
        return name === 'meeting_do' && readOnly ? Promise.reject(new ApiError('unavailable', 'The workspace cannot be written to.')) : Promise.resolve({ meeting: view({ present: readOnly ? [] : ['greg'] }) } as never);
      },
    });
    await one.load();
    await one.arrive();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(acts, 'a read-only workspace is not asked for ever').toBe(4);
    expect(one.unwritable, 'people are told why').toBe('The workspace cannot be written to.');
    await one.arrive();
    expect(acts, 'looking again changes nothing').toBe(4);
    readOnly = false;
    expect(await one.act({ type: 'ready', on: true })).toBe(true);
    expect(one.unwritable, 'it was stored').toBe('');
  });

  it('is tried for as long as the computer is out of reach', async () => {
    vi.useFakeTimers();
    let acts = 0;
    let gone = false;
    const one = new Meeting('doc', {
      call: (name: string) => {
        if (name === 'meeting_do') acts++;
        return gone ? Promise.reject(new ApiError('unavailable', 'Debrief does not answer.')) : Promise.resolve({ meeting: view({ present: [] }) } as never);
      },
    });
    await one.load();
    gone = true;
    await one.arrive();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(acts, 'it may come back at any time').toBeGreaterThan(15);
    expect(one.unwritable).toBe('');
  });

  it('shows how the meeting stands after something was refused', async () => {
    const { one, asked } = failing(1, view({ revision: 5, locked: true }), view());
    expect(await one.act({ type: 'lock', on: false }, true)).toBe(false);
    await vi.waitFor(() => expect(one.view?.locked, 'the page shows what holds').toBe(true));
    expect(asked.loads).toBe(1);
  });
});

describe('stages', () => {
  it('has a screen for what a stage captures, and one for the first and one for the last', () => {
    const { stages } = view();
    expect(stages.map((_, i) => screenOf(stages, i))).toEqual(['opening', 'findings', 'actions', 'wrapup']);
    expect(screenOf([stage('review', 'parking')], 0), 'a meeting of one stage has no opening').toBe('parking');
  });

  it('is behind the room once it was passed, even if it took no time, and not when it was left out', () => {
    const stages = [stage('a', ''), stage('b', '', 60, { skipped: true }), stage('c', ''), stage('d', '', 60, { used: 5 })];
    expect(stages.map((_, i) => isPassed(stages, i, 2)), 'the last one was visited before').toEqual([true, false, false, true]);
  });

  it('goes on to the next one that is not left out', () => {
    const stages = [stage('a', ''), stage('b', '', 60, { skipped: true }), stage('c', '')];
    expect(neighbour(stages, 0, 1)).toBe(2);
    expect(neighbour(stages, 2, 1), 'nothing follows the last').toBeNull();
    expect(neighbour(stages, 2, -1)).toBe(0);
  });

  it('asks the room to go from the stage that it sees', async () => {
    const { meeting: one, acts } = meeting({ meeting: view({ at: 1 }) });
    await one.load();
    await one.step(1);
    expect(acts, 'two who press at once go one stage on').toEqual([{ type: 'go', from: 1, to: 2 }]);
  });

  it('may look at another stage and come back', async () => {
    const { meeting: one } = meeting({ meeting: view({ at: 1, prompt: 1 }) });
    await one.load();
    one.looking = 2;
    expect([one.shown, one.screen, one.prompt]).toEqual([2, 'actions', 0]);
    one.looking = null;
    expect([one.shown, one.screen, one.prompt]).toEqual([1, 'findings', 1]);
  });
});

describe('what is told of changes', () => {
  it('is about this meeting, about another one, or about everything that nobody listened to', () => {
    const { meeting: one } = meeting({ meeting: view() });
    expect(one.isToldOf({ type: 'meeting', doc: 'doc' })).toBe(true);
    expect(one.isToldOf({ type: 'meeting', doc: 'another' })).toBe(false);
    expect(one.isToldOf({ type: 'postmortem', doc: 'doc' }), 'the text has its own pipe').toBe(false);
    expect(one.isToldOf({ type: 'postmortem', doc: '' }), 'the stream was down, and the room may have gone on').toBe(true);
  });
});

describe('borrowed time', () => {
  it('comes from the later stage with the most time, and from action items only when they are named', () => {
    const now = view();
    expect(usualLender(now, 120)?.stage.id, 'action items have more, but are not offered').toBe('findings');
    expect(lenders(now, 120).map((one) => one.stage.id), 'they can be named').toEqual(['findings', 'actions', 'close']);
    expect(usualLender({ ...now, at: 2 }, 120)?.stage.id).toBe('close');
    expect(usualLender({ ...now, at: 1, stages: now.stages.slice(0, 3) }, 120), 'nobody lends rather than the action items').toBeNull();
  });
});

describe('ids', () => {
  it('of drafts are random and tell nothing of their time', () => {
    expect(draftId((bytes) => bytes.fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(madeAt(draftId())).toBeNull();
    expect(draftId()).not.toBe(draftId());
  });

  it('of rows tell when they were made', () => {
    expect(madeAt('01a213c2-9692-7010-9010-101010101010')).toBe(0x01a213c29692);
  });
});
