import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import EraseDialog from './EraseDialog.svelte';

const asked = vi.hoisted(() => ({ calls: [] as { name: string; request: unknown }[], trash: ['a', 'b'], refuse: false }));
vi.hoisted(() => {
  HTMLDialogElement.prototype.showModal = function () { this.open = true; };
  HTMLDialogElement.prototype.close = function () { this.open = false; };
});
vi.mock('../../backend', () => ({
  backend: {
    call: (name: string, request: unknown) => {
      asked.calls.push({ name, request });
      if (name === 'trash_empty' && asked.refuse) {
        asked.trash = ['a', 'b', 'c'];
        return Promise.reject(new Error('Look again first.'));
      }
      return Promise.resolve(name === 'postmortem_list' ? { rows: asked.trash.map((id) => ({ id, actions: 0, actions_settled: 0 })) } : {});
    },
  },
  sentence: (error: unknown) => (error instanceof Error ? error.message : String(error)),
}));

test('the trash is emptied of what was shown, and shown anew when more lies there', async () => {
  const onerased = vi.fn();
  render(EraseDialog, { row: null, count: 2, thisYear: 2026, onclose: () => undefined, onerased });
  asked.refuse = true;
  await screen.findByText('No action item is open.');
  await fireEvent.click(screen.getByText('Erase 2 postmortems'));
  await vi.waitFor(() => expect(screen.getByRole('alert', { hidden: true }).textContent, 'the refusal is told').toContain('Look again first.'));
  expect(asked.calls.findLast((call) => call.name === 'trash_empty')?.request).toEqual({ docs: ['a', 'b'] });
  expect(onerased).not.toHaveBeenCalled();
  asked.refuse = false;
  await fireEvent.click(await screen.findByText('Erase 3 postmortems'));
  await vi.waitFor(() => expect(onerased, 'the trash is empty').toHaveBeenCalledOnce());
});
