import { describe, expect, it } from 'vitest';
import { href, parseRoute } from './routes';
import type { Route } from './routes';

describe('routes', () => {
  const routes: Route[] = [
    { name: 'postmortems' },
    { name: 'actions' },
    { name: 'actions', person: 'p1' },
    { name: 'templates' },
    { name: 'template', id: 'short review/2' },
    { name: 'template', id: 'export' },
    { name: 'export-template', id: 'one-summary' },
    { name: 'settings' },
    { name: 'trash' },
    { name: 'welcome' },
    { name: 'review', id: '0192-ab' },
    { name: 'room', id: '0192-ab' },
    { name: 'postmortem', id: '0192-ab', place: null },
    { name: 'postmortem', id: '0192-ab', place: { kind: 'findings', id: 'r1', field: '' } },
    { name: 'postmortem', id: '0192-ab', place: { kind: 'actions', id: 'r 2', field: 'owner' } },
    { name: 'postmortem', id: '0192-ab', place: { kind: null, id: 'sec:summary', field: '' } },
  ];

  it.each(routes)('$name reads back as it was written', (route) => {
    expect(parseRoute(href(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/p', '#/p/', '#/postmortem/a', '#main'])('%s leads to the list', (hash) => {
    expect(parseRoute(hash)).toEqual({ name: 'postmortems' });
  });

  it('keeps going on a broken escape and an unknown row kind', () => {
    expect(parseRoute('#/p/%zz')).toEqual({ name: 'postmortem', id: '%zz', place: null });
    expect(parseRoute('#/p/a/row/nonsense/b')).toEqual({ name: 'postmortem', id: 'a', place: null });
  });
});
