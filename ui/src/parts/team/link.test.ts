import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import LinkDialog from './LinkDialog.svelte';

const copy = vi.hoisted(() => vi.fn<(text: string) => Promise<void>>());
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'browser', copy, onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
}));

const onclose = vi.fn();

beforeEach(() => {
  vi.resetAllMocks();
  const children = createRawSnippet(() => ({ render: () => '<p>Send it to Debby.</p>' }));
  render(LinkDialog, { title: 'The invitation for Debby', invited: { link: 'https://debrief.example/#invitation=0a', expires_at: '2026-12-03T09:00:00Z' }, does: 'brings one person in', onclose, children });
});

const escape = () => fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });

test('a link that was not copied does not go with Escape, but when somebody says so', async () => {
  await escape();
  expect(onclose).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('The link was not copied');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Copy and close'));
  await escape();
  expect(onclose, 'a second press is no answer').not.toHaveBeenCalled();
  await fireEvent.click(screen.getByRole('button', { name: 'Close without it' }));
  expect(onclose).toHaveBeenCalledOnce();
});

test('a link that was copied closes at once', async () => {
  copy.mockResolvedValue(undefined);
  await fireEvent.click(screen.getByRole('button', { name: /^Copy/ }));
  expect(copy).toHaveBeenCalledWith('https://debrief.example/#invitation=0a');
  await vi.waitFor(() => expect(screen.getByText('Copied')).toBeTruthy());
  await escape();
  expect(onclose).toHaveBeenCalledOnce();
});

test('a link that cannot be copied stays, and is marked for a copy by hand', async () => {
  copy.mockRejectedValue(new Error('The clipboard is closed.'));
  await escape();
  await fireEvent.click(screen.getByRole('button', { name: 'Copy and close' }));
  await vi.waitFor(() => expect(screen.getByText(/clipboard is closed/)).toBeTruthy());
  expect(onclose).not.toHaveBeenCalled();
  await fireEvent.copy(screen.getByLabelText('Link'));
  await escape();
  expect(onclose, 'it was copied by hand').toHaveBeenCalledOnce();
});
