import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardLeaving, type LeaveGuard } from './leaving';

describe('leaving with something unsaved', () => {
  let guard: LeaveGuard;
  let unsaved = true;
  let asked: string[] = [];

  beforeEach(() => {
    history.replaceState(null, '', '#/templates/new');
    asked = [];
    unsaved = true;
    guard = guardLeaving(() => unsaved, (to) => asked.push(to));
  });
  afterEach(() => guard.stop());

  const move = (to: string) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  };

  it('stays, and says where the person was going', () => {
    move('#/settings');
    expect([location.hash, asked]).toEqual(['#/templates/new', ['#/settings']]);
  });

  it('lets go when nothing is unsaved, and follows from there', () => {
    unsaved = false;
    move('#/settings');
    unsaved = true;
    move('#/trash');
    expect([location.hash, asked]).toEqual(['#/settings', ['#/trash']]);
  });

  it('lets go once released', () => {
    guard.release();
    move('#/settings');
    expect([location.hash, asked]).toEqual(['#/settings', []]);
  });
});
