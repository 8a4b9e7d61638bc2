import type { MeetingAct, MeetingView } from '@bindings';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { POSTMORTEM, PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { Meeting } from '@ui/state/meeting.svelte';

import CaptureLine from './CaptureLine.svelte';
import { REVIEW, ReviewContext } from './context.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn((name: string, { text }: { text?: string }) => Promise.resolve(name !== 'time_read' ? { hints: [] } : text === '16:14' ? { type: 'moment', at: '2026-11-10T15:14:00Z', precision: 'exact', zone: 'Europe/Berlin' } : { type: 'unreadable', message: 'No time.' })), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

const view = {
  revision: 1, now: '2026-11-10T16:00:00Z', started_at: '2026-11-10T16:00:00Z', ended_at: null, since: '2026-11-10T16:00:00Z', at: 0, right: 'editor', present: [],
  stages: [{ id: 'findings', name: 'Findings', captures: 'findings', prompts: [], planned: 300, used: 0, skipped: false }],
  silent: { written: 0, mine: [] },
} as unknown as MeetingView;

/** The line while all write silently, over a backend that answers when it is told to. */
async function silentLine() {
  const acts: MeetingAct[] = [];
  const answers: ((arrives: boolean) => void)[] = [];
  const meeting = new Meeting('p', {
    call: (name: string, request: unknown) => {
      if (name !== 'meeting_do') return Promise.resolve({ meeting: view } as never);
      acts.push((request as { act: MeetingAct }).act);
      return new Promise((resolve, reject) => answers.push((arrives) => (arrives ? resolve({ meeting: view } as never) : reject(new Error('Out of reach.')))));
    },
  });
  await meeting.load();
  const presence = { at: () => undefined, typed: () => undefined, sent: () => undefined, people: [] };
  const postmortem = new PostmortemContext({ id: 'p', document: new PostmortemDocument(), presence } as never);
  const review = new ReviewContext(meeting, postmortem);
  render(CaptureLine, { context: new Map<symbol, unknown>([[REVIEW, review], [POSTMORTEM, postmortem]]) });
  return { acts, answers };
}

const field = () => screen.getByLabelText<HTMLInputElement>('Your silent finding');
function type(words: string) {
  field().value = words;
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
}
const enter = () => field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));

test('what is typed while a finding is on its way stays in the line', async () => {
  const { acts, answers } = await silentLine();
  type('Access took long');
  enter();
  await vi.waitFor(() => expect(acts).toHaveLength(1));
  type('Access took long The runbook');
  answers[0]?.(true);
  await vi.waitFor(() => expect(field().value, 'the next sentence has begun').toBe('The runbook'));
});

test('a finding that is sent again after its answer was lost is the same one', async () => {
  const { acts, answers } = await silentLine();
  type('Access took long');
  enter();
  await vi.waitFor(() => expect(acts).toHaveLength(1));
  answers[0]?.(false);
  await vi.waitFor(() => {
    enter();
    expect(acts).toHaveLength(2);
  });
  expect(acts[1], 'it was kept at most once').toEqual(acts[0]);
  answers[1]?.(true);
  await vi.waitFor(() => expect(field().value).toBe(''));
  type('Access took long');
  await tick();
  enter();
  await vi.waitFor(() => expect(acts).toHaveLength(3));
  expect(acts[2], 'what was kept stays, whatever comes after it').not.toEqual(acts[0]);
});

/** The line in a stage that tells the timeline. */
async function timelineLine() {
  const told = { ...view, silent: null, stages: [{ ...view.stages[0], id: 'timeline', captures: 'timeline' }] } as unknown as MeetingView;
  const meeting = new Meeting('p', { call: () => Promise.resolve({ meeting: told } as never) });
  await meeting.load();
  const document = new PostmortemDocument();
  const presence = { at: () => undefined, typed: () => undefined, sent: () => undefined, people: [] };
  const postmortem = new PostmortemContext({ id: 'p', document, presence } as never);
  const review = new ReviewContext(meeting, postmortem);
  const { unmount } = render(CaptureLine, { context: new Map<symbol, unknown>([[REVIEW, review], [POSTMORTEM, postmortem]]) });
  const fields = { time: screen.getByLabelText<HTMLInputElement>(/^Time of the event/), event: screen.getByLabelText<HTMLInputElement>('New event') };
  const write = async (field: HTMLInputElement, words: string) => {
    field.value = words;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await tick();
  };
  const press = (field: HTMLInputElement, key: string) => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  return { document, review, unmount, fields, write, press };
}

for (const into of ['event', 'time'] as const) {
  test(`a sentence that begins with its time is added with one Enter in the field of the ${into}`, async () => {
    const { document, fields, write, press } = await timelineLine();
    await write(fields[into], '16:14 I saw the login work again');
    press(fields[into], 'Enter');
    await vi.waitFor(() => expect(document.rows('timeline').map(({ data }) => [data.at?.at, data.text]), 'the time stands beside the sentence').toEqual([['2026-11-10T15:14:00Z', 'I saw the login work again']]));
  });
}

test('a sentence that begins with a number only keeps it', async () => {
  const { document, fields, write, press } = await timelineLine();
  await write(fields.event, '3 servers went away at 16:14 or so');
  press(fields.event, 'Enter');
  await vi.waitFor(() => expect(document.rows('timeline').map(({ data }) => [data.at, data.text]), 'it is no time').toEqual([[null, '3 servers went away at 16:14 or so']]));
});

test('Escape in the field of the time keeps what was typed there', async () => {
  const { fields, write, press } = await timelineLine();
  await write(fields.time, 'I saw the login work again');
  press(fields.time, 'Escape');
  await tick();
  expect(fields.time.value, 'leaving a field deletes nothing').toBe('I saw the login work again');
});

test('a sentence in the field of the time is among what was still being written when the review ends', async () => {
  const { review, unmount, fields, write } = await timelineLine();
  await write(fields.time, '16:14 I saw the login');
  await unmount();
  expect(review.line.text, 'the line outlives its fields').toBe('16:14 I saw the login');
});
