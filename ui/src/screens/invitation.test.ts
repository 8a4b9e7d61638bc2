import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../backend/backend';
import type { TeamInvitation } from '../backend/team';
import Invitation from './Invitation.svelte';
import SignedOut from './SignedOut.svelte';

const lookAtInvitation = vi.hoisted(() => vi.fn<(secret: string) => Promise<TeamInvitation>>());
const acceptInvitation = vi.hoisted(() => vi.fn<(as: { secret: string; name: string; device: string }) => Promise<void>>());
vi.mock('../backend', async () => ({
  ...(await vi.importActual<object>('../backend/backend')),
  ...(await vi.importActual<object>('../backend/team')),
  backend: { shell: 'browser', onChanged: () => () => undefined },
  connected: () => Promise.resolve(),
  lookAtInvitation,
  acceptInvitation,
}));

const onaccepted = vi.fn(() => Promise.resolve());
const onback = vi.fn();
const show = (me = '') => render(Invitation, { secret: '0a1b', me, over: false, onaccepted, onback });
const go = async (button: RegExp) => fireEvent.submit((await screen.findByRole('button', { name: button })).closest('form') ?? document.body);

beforeEach(() => {
  vi.clearAllMocks();
  acceptInvitation.mockResolvedValue(undefined);
  lookAtInvitation.mockResolvedValue({ workspace: 'Checkout team', name: '', known: false, role: 'member' });
});

test('an invitation says where it leads and what it allows, and asks for a name', async () => {
  show();
  expect(await screen.findByRole('heading', { name: 'Join Checkout team' })).toBeTruthy();
  expect(screen.getByText(/you can read and write postmortems/)).toBeTruthy();
  await go(/Join/);
  expect(await screen.findByText(/Say your name/), 'nobody comes in without one').toBeTruthy();
  expect(acceptInvitation).not.toHaveBeenCalled();
  await fireEvent.input(screen.getByLabelText('Your name'), { target: { value: ' Debby ' } });
  await go(/Join/);
  expect(acceptInvitation.mock.lastCall?.[0]).toMatchObject({ secret: '0a1b', name: 'Debby' });
  expect(onaccepted).toHaveBeenCalledOnce();
});

test('who is known is not asked', async () => {
  lookAtInvitation.mockResolvedValue({ workspace: 'Checkout team', name: 'Debby', known: true, role: 'viewer' });
  show();
  expect(await screen.findByText(/Hello Debby\. Your role/)).toBeTruthy();
  expect(screen.queryByLabelText('Your name')).toBeNull();
  await go(/Sign this browser in/);
  expect(acceptInvitation.mock.lastCall?.[0].name, 'the invitation says who it is').toBe('');
});

test('a name that is taken is said at its field, and can be changed', async () => {
  show();
  await fireEvent.input(await screen.findByLabelText('Your name'), { target: { value: 'Debby' } });
  acceptInvitation.mockRejectedValueOnce(new ApiError('invalid', 'There is somebody called Debby already.', 'name'));
  await go(/Join/);
  expect((await screen.findByText('There is somebody called Debby already.')).getAttribute('role')).toBe('alert');
  expect(screen.getByLabelText('Your name').getAttribute('aria-invalid')).toBe('true');
  expect(onaccepted).not.toHaveBeenCalled();
});

test('an invitation that was used says so and leads on', async () => {
  lookAtInvitation.mockRejectedValue(new ApiError('refused', 'This invitation was used.'));
  show();
  expect(await screen.findByText('This invitation was used.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Join|Try again/ }), 'there is nothing to try').toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Go on without it' }));
  expect(onback).toHaveBeenCalledOnce();
});

test('a server that does not answer is asked again', async () => {
  lookAtInvitation.mockRejectedValueOnce(new ApiError('unavailable', 'The workspace does not answer.'));
  show();
  await go(/Try again/);
  expect(await screen.findByRole('heading', { name: 'Join Checkout team' })).toBeTruthy();
});

test('whoever is signed in may stay so', async () => {
  show('Cathy');
  expect(await screen.findByText(/You are signed in here as Cathy/)).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Stay signed in as Cathy' }));
  expect(onback).toHaveBeenCalledOnce();
});

test('signed out, a pasted link is opened where it belongs', async () => {
  const onlink = vi.fn();
  render(SignedOut, { over: false, kept: 2, onlink, onagain: () => Promise.resolve('This browser is not signed in yet.') });
  expect(screen.getByText(/What you wrote last in 2 postmortems is kept/)).toBeTruthy();
  const field = screen.getByLabelText('Link of the invitation');
  const open = async (words: string) => {
    await fireEvent.input(field, { target: { value: words } });
    await go(/Open the invitation/);
  };
  await fireEvent.click(screen.getByRole('button', { name: 'I have signed in by now' }));
  expect(await screen.findByText('This browser is not signed in yet.')).toBeTruthy();
  await open('KFT 482');
  expect(await screen.findByText(/Paste the whole link/)).toBeTruthy();
  await open('https://elsewhere.example/#invitation=ff');
  expect(screen.getByRole('link', { name: 'Go to elsewhere.example' })).toBeTruthy();
  expect(onlink, 'its secret is none of this server’s').not.toHaveBeenCalled();
  await open(`${location.origin}/#invitation=0a1b`);
  expect(onlink).toHaveBeenCalledWith('0a1b');
});
