import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import type { TicketMatch } from '@bindings';

const asked: unknown[] = [];
const tickets: TicketMatch[] = [
  { ticket: 'OPS-7', title: 'One, as it is called there', item: 0, how: 'words' },
  { ticket: 'OPS-8', title: '', item: 1, how: 'number' },
  { ticket: 'OPS-9', title: '', item: null, how: 'nothing' },
];
vi.mock('../../backend', () => ({
  backend: {
    shell: 'browser',
    call: (_name: string, request: { text: string }) => {
      asked.push(request);
      return Promise.resolve({ tickets: request.text.includes('OPS') ? tickets : [] });
    },
  },
  sentence: String,
}));
const { default: PasteTicketsDialog } = await import('./PasteTicketsDialog.svelte');

const items = [
  { doc: 'd', id: 'a', number: 1, text: 'One', ticket: '' },
  { doc: 'd', id: 'b', number: 2, text: 'Two', ticket: 'OPS-1' },
  { doc: 'd', id: 'c', number: null, text: '', ticket: '' },
];

test('what was matched is looked at before anything is set', async () => {
  const onset = vi.fn();
  const onclose = vi.fn();
  render(PasteTicketsDialog, { items, onset, onclose });
  const button = (name: string) => screen.getByRole('button', { name, hidden: true });
  button('Match').click();
  await tick();
  expect(screen.getByText('Paste keys or links first, one in each line.')).toBeTruthy();
  expect(asked).toEqual([]);
  const field = screen.getByLabelText('Keys or links of tickets');
  await fireEvent.input(field, { target: { value: 'nothing' } });
  button('Match').click();
  await vi.waitFor(() => expect(screen.getByText(/No key or link was found/)).toBeTruthy());
  await fireEvent.input(field, { target: { value: 'OPS-7\nOPS-8\nOPS-9' } });
  button('Match').click();
  await vi.waitFor(() => expect(screen.getByText('Found by its words')).toBeTruthy());
  expect(screen.getByText('A2 Two has OPS-1'), 'an item keeps the ticket that it has').toBeTruthy();
  expect(screen.getByText('Like no item here')).toBeTruthy();
  expect(button('Set 1 ticket')).toBeTruthy();
  await fireEvent.change(screen.getByLabelText('Action item of OPS-8'), { target: { value: '1' } });
  expect(screen.getByText('In the place of OPS-1')).toBeTruthy();
  await fireEvent.change(screen.getByLabelText('Action item of OPS-9'), { target: { value: '1' } });
  expect(screen.getAllByText('Two tickets for one item: choose one of them').length).toBe(2);
  expect(button('Set 3 tickets').hasAttribute('disabled'), 'two cannot be one').toBe(true);
  await fireEvent.change(screen.getByLabelText('Action item of OPS-9'), { target: { value: '2' } });
  expect(screen.getByText('Chosen by you')).toBeTruthy();
  expect(onset).not.toHaveBeenCalled();
  button('Set 3 tickets').click();
  expect(onclose).toHaveBeenCalledOnce();
  expect(onset).toHaveBeenCalledWith([
    { doc: 'd', id: 'a', ticket: 'OPS-7' },
    { doc: 'd', id: 'b', ticket: 'OPS-8' },
    { doc: 'd', id: 'c', ticket: 'OPS-9' },
  ]);
});
