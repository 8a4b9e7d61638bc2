import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { PublishedCopy } from '@bindings';
import PublishedDialog from './PublishedDialog.svelte';

const call = vi.hoisted(() => vi.fn<(name: string, request: { id?: string }) => Promise<unknown>>());
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'browser', call, onChanged: () => () => undefined, previewUrl: (name: string) => `/preview/${name}` },
  connected: () => Promise.resolve(),
}));

const copy = (id: string, more: Partial<PublishedCopy> = {}): PublishedCopy => ({
  id, kind: 'period', doc: null, source_gone: false, title: `Period ${id}`, readers: 'executives', at: '2026-11-16T11:00:00Z', by: 'Cathy', replaces: null, replaced: null, file_name: 'x', ...more,
});
const changes = [{ place: 'Detection', what: 'changed', pieces: [{ kind: 'same', text: 'Median ' }, { kind: 'removed', text: '7 min' }, { kind: 'added', text: '9 min' }] }];

let kept: PublishedCopy[] = [];
beforeEach(() => {
  kept = [copy('old')];
  call.mockReset();
  call.mockImplementation((name, { id }) => {
    if (name === 'published') return Promise.resolve({ copies: kept, total: kept.length });
    if (name === 'published_page') return Promise.resolve({ page: `page-${id}`, copy: kept[0] });
    if (name === 'published_difference') return Promise.resolve(id === 'old' ? { state: 'out_of_date', changes } : { state: 'up_to_date', changes: [] });
    if (name === 'publish_anew') {
      const made = copy('new', { replaces: '2026-11-16T11:00:00Z' });
      kept = [made, copy('old', { replaced: made.at })];
      return Promise.resolve(made);
    }
    if (name === 'published_delete') kept = kept.filter((one) => one.id !== id);
    return Promise.resolve({});
  });
});

test('a copy says for whom it was, what has changed since, and is published anew', async () => {
  render(PublishedDialog, { onclose: () => undefined });
  expect(await screen.findByText('Out of date')).toBeTruthy();
  expect(screen.getByText(/This is the copy as it was published on 16 Nov 2026.*for executives/)).toBeTruthy();
  expect((await screen.findByTitle('The copy as it was published')).getAttribute('src')).toBe('/preview/page-old');
  await fireEvent.click(screen.getByLabelText('What has changed'));
  expect(screen.getByText('7 min')).toBeTruthy();
  expect(screen.getByText('9 min')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Publish anew', hidden: true }));
  expect(await screen.findByText(/Published anew. The copy of 16 Nov 2026/)).toBeTruthy();
  expect(await screen.findByText('Up to date')).toBeTruthy();
  expect(screen.getByText('Out of date')).toBeTruthy();
  expect((await screen.findByTitle('The copy as it was published')).getAttribute('src')).toBe('/preview/page-new');
});

test('a copy is deleted only after a question', async () => {
  render(PublishedDialog, { onclose: () => undefined });
  await fireEvent.click(await screen.findByRole('button', { name: 'Delete this copy…', hidden: true }));
  expect(screen.getByText(/Whoever has got it already keeps it/)).toBeTruthy();
  expect(call).not.toHaveBeenCalledWith('published_delete', expect.anything());
  await fireEvent.click(screen.getByRole('button', { name: 'Delete', hidden: true }));
  expect(await screen.findByText('Nothing is published yet')).toBeTruthy();
});

test('a failure is told as a sentence', async () => {
  call.mockImplementation(() => Promise.reject(new Error('The disk is full.')));
  render(PublishedDialog, { onclose: () => undefined });
  expect(await screen.findByText('The disk is full.')).toBeTruthy();
});
