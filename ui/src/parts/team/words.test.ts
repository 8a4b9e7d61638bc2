import { expect, test } from 'vitest';
import type { ReplicaState } from '@bindings';
import { teamWords } from './words';

const now = new Date(2026, 10, 18, 9, 0);
const met = (day: number) => new Date(2026, 10, day, 14, 5).toISOString();
const state = (given: Partial<ReplicaState>): ReplicaState => ({
  name: 'Team', address: 'https://team.example', link: 'connected', met_at: null, reason: '', waiting: 0, waiting_images: 0, refused: [], withdrawn: [], ...given,
});

test('whoever is connected is told little', () => {
  const words = teamWords(state({}), now);
  expect(words.short).toBe('Connected to Team');
  expect(words.attend, 'nothing is to be done').toBe(false);
  expect(teamWords(state({ name: '' }), now).short, 'a workspace without a name is called so').toBe('Connected to the team’s workspace');
});

test('what waits is counted', () => {
  expect(teamWords(state({ waiting: 1 }), now).short).toBe('Handing in 1 postmortem');
  expect(teamWords(state({ waiting_images: 2 }), now).short).toBe('Handing in 2 pictures');
  expect(teamWords(state({ link: 'away', waiting: 3, met_at: met(16) }), now).short).toBe('Working away, 3 waiting');
});

test('whoever is away is told since when, calmly', () => {
  const words = teamWords(state({ link: 'away', met_at: met(16), reason: 'team.example does not answer.' }), now);
  expect(words.short).toBe('Working away since 16 Nov, 14:05');
  expect(words.long, 'with the reason').toContain('does not answer');
  expect(words.attend, 'working away is no fault').toBe(false);
  expect(teamWords(state({ link: 'away', met_at: met(18) }), now).short, 'today needs no day').toBe('Working away since 14:05');
  expect(teamWords(state({ link: 'away' }), now).short, 'before it was ever reached there is no time').toBe('Working away');
});

test('an access that has ended says what is left', () => {
  const words = teamWords(state({ link: 'ended', reason: 'You are no longer signed in.', waiting: 2 }), now);
  expect(words.attend, 'somebody should look').toBe(true);
  expect(words.long).toBe('You are no longer signed in. Edits of 2 postmortems were not handed in. They are still here and can be exported.');
});

test('what is not taken is told apart from what waits', () => {
  const refused = [{ doc: 'x', title: 'Login', reason: 'Your account has the role viewer.', at: met(16), edits: 2 }];
  const words = teamWords(state({ refused }), now);
  expect(words.short, 'nothing is being handed in').toBe('1 postmortem not taken');
  expect(words.attend, 'somebody should look').toBe(true);
  expect(teamWords(state({ refused, waiting: 1 }), now).short, 'what waits is handed in all the same').toBe('Handing in 1 postmortem');
  expect(teamWords(state({ refused, link: 'away' }), now).long, 'it is told without the network, too').toContain('are not taken there');
});
