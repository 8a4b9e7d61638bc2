import { render } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import App from '../App.svelte';
import { run } from '../commands.svelte';
import { go } from '../state/router.svelte';

// What jsdom does not have, before the page asks for it.
vi.hoisted(() => {
  window.matchMedia = () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList;
  window.scrollTo = () => undefined;
});
vi.mock('../backend', async (original) => ({
  ...(await original<object>()),
  backend: {
    shell: 'browser', onChanged: () => () => undefined,
    call: (name: string) =>
      Promise.resolve(
        {
          session: { me: { id: 'me', name: 'Cathy' }, timezone: 'UTC', first_run: false },
          directory: { directory: { people: [], services: [] }, open_actions: {} },
          action_list: { rows: [], total: 0, open: 0, done: 0, today: '2026-11-16' },
          postmortem_list: { rows: [], total: 0, by_status: { draft: 0, in_review: 0, follow_up: 0, closed: 0 } },
        }[name] ?? {},
      ),
  },
  connected: () => Promise.resolve(),
}));

test('the keys of a screen work when it comes in the place of another with keys of its own', async () => {
  render(App);
  go({ name: 'actions' });
  await vi.waitFor(() => expect(run('actions.mine'), 'the action items have come').toBe(true), { timeout: 5000 });
  go({ name: 'postmortems' });
  await vi.waitFor(() => expect(run('actions.mine'), 'the action items have gone').toBe(false));
  expect(run('list.first')).toBe(true);
});
