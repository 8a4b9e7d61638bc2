import { afterEach, expect, test, vi } from 'vitest';
import script from './ask-first.js?raw';
import { firstAnswer } from './first';

const asked: { name: string; request: unknown }[] = [];

/** What the desktop shell does before the page is loaded. */
function start(): void {
  asked.length = 0;
  Object.assign(window, {
    __TAURI_INTERNALS__: {
      invoke: (_command: string, question: { name: string; request: unknown }) => {
        asked.push(question);
        return Promise.resolve(`the ${question.name}`);
      },
    },
  });
  // As the web view runs it.
  new Function(script)();
}

afterEach(() => {
  delete (window as { __TAURI_INTERNALS__?: unknown }).__TAURI_INTERNALS__;
  delete window.debriefFirst;
  localStorage.clear();
  location.hash = '';
  vi.resetModules();
});

test('the questions are those that the page asks first', async () => {
  localStorage.setItem('debrief.prefs', JSON.stringify({ sort: 'severity' }));
  start();
  const { PAGE, postmortems } = await import('../state/postmortems.svelte');
  const answer = firstAnswer('postmortem_list', { ...postmortems.filter(), offset: 0, limit: PAGE });
  expect(await answer).toBe('the postmortem_list');
  expect(await firstAnswer('session', {})).toBe('the session');
});

test('an answer is given once, and only to the question that it answers', () => {
  start();
  expect(firstAnswer('postmortem_list', { query: 'login' })).toBeUndefined();
  expect(firstAnswer('postmortem_list', asked[0]?.request)).toBeUndefined();
  expect(firstAnswer('session', {})).toBeDefined();
  expect(firstAnswer('session', {})).toBeUndefined();
});

test('nobody asks for the list where another screen comes first', () => {
  location.hash = '#/actions';
  start();
  expect(asked.map(({ name }) => name)).toEqual(['session']);
});
