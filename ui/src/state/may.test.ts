import type { AccountRole, Person, Session } from '@bindings';
import { afterEach, expect, test } from 'vitest';
import { isAtLeast, may, mayChangePerson, mayWrite, NEEDS, roleAllows, ROLES } from './may';
import { setSession } from './session.svelte';
import server from '../../../src-tauri/crates/api/src/account.rs?raw';

const me = { id: 'me', name: 'Debby', short_name: '', handle: '', email: '', role_title: '', left: false } as Person;

function signedIn(role: AccountRole | null): void {
  const session: Session = {
    version: '1', shell: 'browser', me, workspace: 'w', timezone: 'UTC', now: '2026-11-26T00:00:00Z', first_run: false, room: null,
    account: role === null ? null : { id: 'a', role },
  };
  setSession(session);
}

afterEach(() => signedIn(null));

test('what is offered is what the server allows', () => {
  const table = /pub const LEAST[\s\S]*?\n\};/.exec(server)?.[0] ?? '';
  const least = [...table.matchAll(/\("(\w+)", (\w+)\)/g)].map(([, name, role]) => [name ?? '', (role ?? '').toLowerCase()] as const);
  expect(least.length, 'the table was found').toBeGreaterThan(60);
  const needs = NEEDS as Record<string, AccountRole | undefined>;
  for (const [name, role] of least) expect(needs[name] ?? 'viewer', `${name} stands in NEEDS with the least role that the server asks for`).toBe(role);
  for (const name of Object.keys(needs)) expect(least.some(([known]) => known === name), `the server knows ${name}`).toBe(true);
});

test('roles are in their order', () => {
  expect(ROLES.map((role) => isAtLeast(role, 'facilitator'))).toEqual([false, false, true, true]);
  for (const role of ROLES) expect(roleAllows[role], 'each says what it allows').not.toBe('');
});

test('where the workspace is served to nobody everything is offered', () => {
  signedIn(null);
  expect(may('postmortem_erase')).toBe(true);
  expect(mayWrite()).toBe(true);
});

test('an account is offered what its role allows and nothing more', () => {
  const offered = (role: AccountRole) => {
    signedIn(role);
    return [may('export'), mayWrite(), may('postmortem_new'), may('meeting_open'), may('account_invite')];
  };
  expect(offered('viewer'), 'reads and exports').toEqual([true, false, false, false, false]);
  expect(offered('member'), 'writes').toEqual([true, true, true, false, false]);
  expect(offered('facilitator'), 'runs meetings').toEqual([true, true, true, true, false]);
  expect(offered('admin'), 'invites').toEqual([true, true, true, true, true]);
});

test('members name themselves, facilitators anybody, viewers nobody', () => {
  const offered = (role: AccountRole | null) => {
    signedIn(role);
    return [mayChangePerson('me'), mayChangePerson('somebody')];
  };
  expect(offered('viewer')).toEqual([false, false]);
  expect(offered('member'), 'names say who wrote what').toEqual([true, false]);
  expect(offered('facilitator')).toEqual([true, true]);
  expect(offered(null), 'without accounts there is nobody to ask').toEqual([true, true]);
});
