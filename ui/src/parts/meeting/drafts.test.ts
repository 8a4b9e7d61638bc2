import type { Draft, MeetingAct, MeetingView } from '@bindings';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { Meeting } from '@ui/state/meeting.svelte';

import { REVIEW, ReviewContext } from './context.svelte';
import Drafts from './Drafts.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

const draft: Draft = { id: 'd1', text: 'Access took long', kind: 'hindered' };
let doc: PostmortemDocument;
let acts: MeetingAct[];
let refuses = false;

function drafts() {
  const meeting = new Meeting('p', {
    call: (name: string, request: unknown) => {
      if (name === 'meeting_do') acts.push((request as { act: MeetingAct }).act);
      return refuses ? Promise.reject(new Error('Silent writing is over.')) : Promise.resolve({ meeting: { revision: 1, ended_at: null, stages: [], now: '2026-11-10T16:00:00Z' } as unknown as MeetingView } as never);
    },
  });
  const review = new ReviewContext(meeting, new PostmortemContext({ id: 'p', document: doc } as never));
  return { review, ...render(Drafts, { props: { drafts: [draft] as readonly Draft[] | null }, context: new Map([[REVIEW, review]]) }) };
}

const field = () => screen.getByLabelText<HTMLInputElement>('Your finding 1');
function type(words: string) {
  field().focus();
  field().value = words;
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
}

beforeEach(() => {
  doc = new PostmortemDocument();
  acts = [];
  refuses = false;
});

test('words that were still in their field when everything was shown stay there and can be added', async () => {
  const { rerender } = drafts();
  type('Access took long because the roles were unclear');
  const before = field();
  await rerender({ drafts: null });
  expect(field(), 'whoever writes stays in the same field').toBe(before);
  expect(document.activeElement).toBe(before);
  expect(field().value).toBe('Access took long because the roles were unclear');
  expect(screen.getByRole('heading').textContent).toBe('Not handed in in time');
  screen.getByRole('button', { name: 'Add it now' }).click();
  await tick();
  expect(doc.rows('findings').map((row) => row.data.text)).toEqual(['Access took long because the roles were unclear']);
  expect(screen.queryByRole('heading'), 'nothing is left to decide').toBeNull();
  expect(acts, 'nothing is written silently any more').toEqual([]);
});

test('words that came a moment too late to be taken stay, too', async () => {
  const { rerender, review } = drafts();
  type('Too late');
  refuses = true;
  field().dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(acts).toHaveLength(1));
  await tick();
  await rerender({ drafts: null });
  expect(field().value).toBe('Too late');
  screen.getByRole('button', { name: /^Leave it/ }).click();
  expect(review.unsent.size, 'they go when that is wanted').toBe(0);
});

test('what was handed in is not offered again', async () => {
  const { rerender } = drafts();
  type('Handed in');
  field().dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(acts).toHaveLength(1));
  await tick();
  await rerender({ drafts: null });
  expect(screen.queryByRole('heading')).toBeNull();
});

test('late words replace nothing that somebody else has changed meanwhile', async () => {
  const { rerender, review } = drafts();
  type('Mine');
  const id = doc.add('a finding', 'findings', { texts: { text: draft.text }, fields: {} });
  const { text } = review.unsent.get(draft.id) ?? { text: '' };
  review.unsent.clear();
  review.unsent.set(id, { draft: { ...draft, id }, text });
  await rerender({ drafts: null });
  expect(screen.getByRole('button', { name: 'Change it there' }), 'it stands as it was handed in').toBeTruthy();
  const shown = doc.rowText('findings', id, 'text');
  if (shown !== null) doc.splice(shown, 0, shown.length, 'Theirs');
  await tick();
  screen.getByRole('button', { name: 'Add it now' }).click();
  await tick();
  expect(doc.rows('findings').map((row) => row.data.text), 'both stand').toEqual(['Theirs', 'Mine']);
});
