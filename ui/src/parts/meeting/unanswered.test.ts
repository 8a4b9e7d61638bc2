import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import { PostmortemDocument } from '@ui/doc/document.svelte';
import { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { Meeting } from '@ui/state/meeting.svelte';

import { REVIEW, ReviewContext } from './context.svelte';
import Unanswered from './Unanswered.svelte';

vi.mock('@ui/backend', () => ({
  backend: { call: vi.fn(), blobUrl: () => '', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  sentence: String,
}));

const field = () => screen.getByLabelText<HTMLInputElement>('Not doing anything, because');

test('a reason that is being written stays when somebody else decides, and when the list is drawn anew', async () => {
  const doc = new PostmortemDocument();
  const id = doc.add('a finding', 'findings', { texts: { text: 'Access took long' }, fields: {} });
  const meeting = new Meeting('p', { call: () => Promise.resolve({ meeting: { revision: 1, right: 'editor', ended_at: null, stages: [], now: '2026-11-10T16:00:00Z' } } as never) });
  await meeting.load();
  const review = new ReviewContext(meeting, new PostmortemContext({ id: 'p', document: doc } as never));
  const context = new Map([[REVIEW, review]]);
  const { unmount } = render(Unanswered, { context });
  screen.getByRole('button', { name: /Not doing/ }).click();
  await vi.waitFor(() => expect(field()).toBe(document.activeElement));
  field().value = 'it is how it works';
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
  await tick();
  doc.edit('whether it needs an action', 'findings', id, { no_action: true });
  await tick();
  expect(field().value, 'somebody else has decided').toBe('it is how it works');
  unmount();
  render(Unanswered, { context });
  expect(field().value, 'the window has become narrow').toBe('it is how it works');
});
