import { beforeEach, describe, expect, it, vi } from 'vitest';
import { available, onKeyDown, register, run } from './commands.svelte';
import { openModal } from './state/modals.svelte';
import { setPref } from './state/prefs.svelte';

function press(key: string, target: HTMLElement = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.addEventListener('keydown', onKeyDown, { once: true });
  target.dispatchEvent(event);
  return event;
}

function put<K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  document.body.append(element);
  return element;
}

describe('commands', () => {
  let take: () => void = () => undefined;
  const ran = vi.fn<(id: string) => void>();

  beforeEach(() => {
    take();
    ran.mockClear();
    setPref('singleKeys', true);
    take = register([
      { id: 'palette', title: 'Search', group: 'Anywhere', keys: ['Mod+K'], whileTyping: true, run: () => ran('palette') },
      { id: 'new', title: 'New postmortem', group: 'Anywhere', keys: ['N'], run: () => ran('new') },
      { id: 'go', title: 'Go to action items', group: 'Anywhere', keys: ['G A'], run: () => ran('go') },
      { id: 'open', title: 'Open', group: 'Lists', keys: ['Enter'], run: () => ran('open') },
      { id: 'never', title: 'Never', group: 'Lists', keys: ['X'], when: () => false, run: () => ran('never') },
    ]);
  });

  it('run by their keys and by their ids', () => {
    press('n');
    press('k', document.body, { ctrlKey: true });
    press('g');
    press('a');
    expect(ran.mock.calls.flat()).toEqual(['new', 'palette', 'go']);
    expect(run('open')).toBe(true);
    expect(run('never')).toBe(false);
    expect(run('nothing')).toBe(false);
    expect(press('x').defaultPrevented).toBe(false);
  });

  it('leave letters to text fields', () => {
    const field = put('input');
    expect(press('n', field).defaultPrevented).toBe(false);
    press('k', field, { ctrlKey: true });
    expect(ran.mock.calls.flat()).toEqual(['palette']);
  });

  it('leave Enter to a focused link and Space to a button', () => {
    const link = put('a');
    link.href = '#/actions';
    press('Enter', link);
    expect(ran).not.toHaveBeenCalled();
    press('Enter');
    expect(ran).toHaveBeenCalledWith('open');
  });

  it('do nothing under a modal dialog', () => {
    const closed = openModal(put('dialog'));
    press('n');
    closed();
    expect(ran).not.toHaveBeenCalled();
  });

  it('take back what a message over the dialog says', () => {
    register([{ id: 'undo.toast', title: 'Undo what the message says', group: 'Anywhere', keys: ['Z'], overDialogs: true, run: () => ran('undo') }]);
    const closed = openModal(put('dialog'));
    press('z');
    closed();
    expect(ran).toHaveBeenCalledWith('undo');
  });

  it('lose their single letters when those are switched off', () => {
    setPref('singleKeys', false);
    press('n');
    press('k', document.body, { ctrlKey: true });
    expect(ran.mock.calls.flat()).toEqual(['palette']);
  });

  it('can be stood in for while a screen is open', () => {
    const back = register([{ id: 'new', title: 'New section', group: 'Screen', keys: ['N'], run: () => ran('section') }]);
    press('n');
    expect(available().filter((command) => command.id === 'new')).toHaveLength(1);
    back();
    press('n');
    expect(ran.mock.calls.flat()).toEqual(['section', 'new']);
  });
});
