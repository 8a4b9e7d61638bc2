import type { MeetingAct, MeetingView } from '@bindings';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { Meeting } from '@ui/state/meeting.svelte';

import { ReviewContext } from './context.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(() => Promise.resolve({ hints: [] })), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

const stage = (id: string) => ({ id, name: id, captures: '', prompts: [], planned: 300, used: 0, skipped: false });

/** A review in the first of two stages, and what is done in it. */
async function review(silent: { written: number; mine: never[] } | null) {
  const view = { revision: 1, now: '2026-11-10T16:00:00Z', ended_at: null, at: 0, right: 'facilitator', stages: [stage('findings'), stage('actions')], silent } as unknown as MeetingView;
  const acts: MeetingAct[] = [];
  const meeting = new Meeting('p', {
    call: (name: string, request: unknown) => {
      if (name === 'meeting_do') acts.push((request as { act: MeetingAct }).act);
      return Promise.resolve({ meeting: view } as never);
    },
  });
  await meeting.load();
  return { acts, review: new ReviewContext(meeting, new PostmortemContext({ id: 'p', document: new PostmortemDocument() } as never)) };
}

test('the room goes on at once when nobody writes silently', async () => {
  const { acts, review: room } = await review(null);
  room.step(1);
  await vi.waitFor(() => expect(acts, 'nothing is to be asked').toEqual([{ type: 'go', from: 0, to: 1 }]));
  expect(room.dialog).toBeNull();
});

test('it is asked before going on shows what is being written silently', async () => {
  const { acts, review: room } = await review({ written: 2, mine: [] });
  room.step(1);
  await Promise.resolve();
  expect(room.dialog, 'a slip of one key shows nothing').toEqual({ type: 'reveal', by: 1 });
  expect(acts, 'the room stays').toEqual([]);
  room.dialog = null;
  room.step(-1);
  expect(room.dialog, 'there is no stage before, so there is nothing to ask').toBeNull();
});
