import { expect, test, vi } from 'vitest';
import type { TicketMatch } from '@bindings';

vi.mock('../../backend', () => ({ backend: { shell: 'browser' }, sentence: String }));
const { chosenAtFirst, setOf, ticketItem } = await import('./tickets');

const items = [
  { doc: 'd', id: 'a', number: 1, text: 'One', ticket: '' },
  { doc: 'd', id: 'b', number: 2, text: 'Two', ticket: 'OPS-1' },
  { doc: 'd', id: 'c', number: 3, text: 'Three', ticket: 'OPS-9' },
];
const found: TicketMatch[] = [
  { ticket: 'OPS-7', title: '', item: 0, how: 'number' },
  { ticket: 'OPS-8', title: '', item: 1, how: 'words' },
  { ticket: 'OPS-9', title: '', item: 2, how: 'words' },
  { ticket: 'OPS-10', title: '', item: null, how: 'nothing' },
];

test('nothing takes the place of a ticket unless somebody chooses so', () => {
  const chosen = chosenAtFirst(found, items);
  expect(chosen).toEqual([0, -1, -1, -1]);
  expect(setOf(found, chosen, items)).toEqual([{ doc: 'd', id: 'a', ticket: 'OPS-7' }]);
  expect(setOf(found, [0, 1, 2, -1], items), 'what an item has already is not set again').toEqual([
    { doc: 'd', id: 'a', ticket: 'OPS-7' },
    { doc: 'd', id: 'b', ticket: 'OPS-8' },
  ]);
});

test('a link leads back only where others can open it', () => {
  const at = (address: string) => {
    const { protocol, hostname, origin, pathname } = new URL(address);
    return ticketItem({ doc: 'd', id: 'a' }, { protocol, hostname, origin, pathname }).link;
  };
  expect(at('https://debrief.example.org/')).toBe('https://debrief.example.org/#/p/d/row/actions/a');
  for (const own of ['http://127.0.0.1:7447/', 'http://localhost:7447/', 'http://[::1]:7447/', 'tauri://localhost/']) expect(at(own), own).toBe('');
});
