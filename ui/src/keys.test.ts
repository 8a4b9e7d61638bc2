import { describe, expect, it } from 'vitest';
import { isSingle, isTyping, keycaps, keyName, KeyReader, SEQUENCE_PAUSE } from './keys';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe('names of keys', () => {
  it('are the same however the letter was made', () => {
    expect(press('k')).toBe('K');
    expect(press('k', { ctrlKey: true })).toBe('Mod+K');
    expect(press('J', { shiftKey: true })).toBe('Shift+J');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ')).toBe('Space');
    expect(press('ArrowDown', { shiftKey: true })).toBe('Shift+ArrowDown');
    expect(press('Shift', { shiftKey: true })).toBe('');
  });

  it('become keycaps', () => {
    expect(keycaps('Mod+K')).toEqual(['Ctrl K']);
    expect(keycaps('G P')).toEqual(['G', 'P']);
    expect(keycaps('+')).toEqual(['+']);
  });
});

describe('single keys', () => {
  it('are told from the rest', () => {
    expect(isSingle('N')).toBe(true);
    expect(isSingle('G P')).toBe(true);
    expect(isSingle('Shift+J')).toBe(true);
    expect(isSingle('Mod+K')).toBe(false);
    expect(isSingle('Escape')).toBe(false);
  });

  it('are letters in text fields', () => {
    const input = document.createElement('input');
    expect(isTyping(input)).toBe(true);
    input.type = 'checkbox';
    expect(isTyping(input)).toBe(false);
    expect(isTyping(document.createElement('textarea'))).toBe(true);
    expect(isTyping(document.createElement('button'))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe('taking back', () => {
  it('is the page\u2019s in a choice and in a field that is stored', () => {
    const input = document.createElement('input');
    expect(isTyping(input, 'Mod+Z')).toBe(true);
    input.dataset.stored = '';
    expect(isTyping(input, 'Mod+Z')).toBe(false);
    expect(isTyping(input, 'Z')).toBe(true);
    const select = document.createElement('select');
    expect(isTyping(select, 'Mod+Shift+Z')).toBe(false);
    expect(isTyping(select, 'A')).toBe(true);
  });
});

describe('sequences', () => {
  const patterns = ['G P', 'G A', 'P', 'N'];

  it('need both keys in time', () => {
    const reader = new KeyReader();
    expect(reader.read('G', patterns, 0)).toBe('wait');
    expect(reader.read('A', patterns, 100)).toBe('G A');
    expect(reader.read('G', patterns, 200)).toBe('wait');
    expect(reader.read('P', patterns, 200 + SEQUENCE_PAUSE + 1)).toBe('P');
  });

  it('give way to a single key that does not continue them', () => {
    const reader = new KeyReader();
    expect(reader.read('G', patterns, 0)).toBe('wait');
    expect(reader.read('N', patterns, 10)).toBe('N');
    expect(reader.read('X', patterns, 20)).toBe(null);
  });
});
