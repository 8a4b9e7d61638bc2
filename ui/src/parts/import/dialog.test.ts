import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import ImportDialog from './ImportDialog.svelte';

const desk = vi.hoisted(() => ({
  call: vi.fn<(name: string, request: unknown) => Promise<unknown>>(), pickImport: vi.fn<() => Promise<unknown>>(), importPicked: vi.fn<(path: string) => Promise<unknown>>(),
}));
vi.mock('../../backend', () => ({ backend: { shell: 'desktop', ...desk }, sentence: (error: unknown) => (error instanceof Error ? error.message : String(error)) }));

const made = { doc: 'd', title: 'Login outage', notes: [] };

beforeEach(() => {
  for (const each of Object.values(desk)) each.mockReset();
  desk.call.mockResolvedValue(made);
  desk.importPicked.mockResolvedValue(made);
});

test('the desktop imports a chosen file by its path, so that images beside it come along', async () => {
  desk.pickImport.mockResolvedValue({ path: '/home/greg/outage.md', name: 'outage.md' });
  render(ImportDialog, { onclose: () => undefined });
  screen.getByRole('button', { name: 'Choose a file' }).click();
  await vi.waitFor(() => expect(screen.getByText('Login outage')).toBeTruthy());
  expect(desk.importPicked).toHaveBeenCalledWith('/home/greg/outage.md');
  expect(desk.call).not.toHaveBeenCalled();
});

test('a chosen file that is refused is named, with the reason', async () => {
  desk.pickImport.mockResolvedValue({ path: '/home/greg/photo.md', name: 'photo.md' });
  desk.importPicked.mockRejectedValue(new Error('This is not text.'));
  render(ImportDialog, { onclose: () => undefined });
  screen.getByRole('button', { name: 'Choose a file' }).click();
  await vi.waitFor(() => expect(screen.getByText('This is not text.')).toBeTruthy());
  expect(screen.getByText('photo.md')).toBeTruthy();
});

test('files that were dropped on the page are taken at once', async () => {
  const file = { name: 'outage.md', size: 8, arrayBuffer: () => Promise.resolve(new TextEncoder().encode('# Outage').buffer) } as unknown as File;
  render(ImportDialog, { files: [file], onclose: () => undefined });
  await vi.waitFor(() => expect(desk.call).toHaveBeenCalledWith('import', { file_name: 'outage.md', text: '# Outage' }));
});
