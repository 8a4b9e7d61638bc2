import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../../backend/backend';
import JoinLinkDialog from './JoinLinkDialog.svelte';

const joinRoom = vi.hoisted(() => vi.fn<(link: string, name: string, plain: boolean, lose: boolean) => Promise<void>>());
vi.mock('../../backend', async () => ({
  ...(await vi.importActual<object>('../../backend/backend')),
  backend: { shell: 'desktop', joinRoom },
  connected: () => Promise.resolve(),
  isAway: () => false,
}));

const type = (label: string, words: string) => fireEvent.input(screen.getByLabelText(label), { target: { value: words } });
const join = () => fireEvent.submit(screen.getByLabelText('Link').closest('form') ?? document.body);

test('nothing is asked before there is a link and a name', async () => {
  render(JoinLinkDialog, { onclose: () => undefined });
  await join();
  expect(await screen.findByText(/Paste the link/)).toBeTruthy();
  expect(screen.getByText(/Say your name/)).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText('Link'));
  expect(joinRoom).not.toHaveBeenCalled();
});

test('a review without encryption is joined only by who agrees to it, and each link is asked about', async () => {
  render(JoinLinkDialog, { onclose: () => undefined });
  joinRoom.mockImplementation((_link, _name, plain) => (plain ? Promise.resolve() : Promise.reject(new ApiError('invalid', 'This meeting is not encrypted.', 'plain'))));
  await type('Link', 'http://192.168.1.20:7450/#join=0a');
  await type('Your name', ' Debby ');
  await join();
  expect(await screen.findByText('This meeting is not encrypted.')).toBeTruthy();
  await join();
  expect(joinRoom, 'not before the box is ticked').toHaveBeenCalledTimes(1);
  await fireEvent.click(screen.getByRole('checkbox'));
  await type('Link', 'http://192.168.1.21:7450/#join=0b');
  expect(screen.queryByRole('checkbox'), 'another link is another network').toBeNull();
  await join();
  await fireEvent.click(await screen.findByRole('checkbox'));
  await join();
  expect(joinRoom.mock.lastCall).toEqual(['http://192.168.1.21:7450/#join=0b', 'Debby', true, false]);
});
