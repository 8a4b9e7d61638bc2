import { describe, expect, it } from 'vitest';
import { matchCommand, pieces, readableDetail, readQuery } from './rank';

describe('marks', () => {
  it('split a text into what matched and what did not', () => {
    expect(pieces('the status page', [[4, 6]])).toEqual([
      { text: 'the ', hit: false },
      { text: 'status', hit: true },
      { text: ' page', hit: false },
    ]);
  });

  it('run together over a space', () => {
    expect(pieces('a status page', [[2, 6], [9, 4]])).toEqual([{ text: 'a ', hit: false }, { text: 'status page', hit: true }]);
  });

  it('are cut to fit', () => {
    expect(pieces('abc', [[1, 50], [0, 2]])).toEqual([{ text: 'abc', hit: true }]);
    expect(pieces('abc', [[9, 2]])).toEqual([{ text: 'abc', hit: false }]);
  });
});

describe('commands', () => {
  const settings = { title: 'Go to settings', words: 'preferences people' };

  it('are found by the beginnings of their words', () => {
    expect(matchCommand(settings, 'go set')?.marks).toEqual([[0, 2], [6, 3]]);
    expect(matchCommand(settings, 'pref')).not.toBeNull();
    expect(matchCommand(settings, 'x')).toBeNull();
  });

  it('stand higher when the title begins with what was typed', () => {
    const begins = matchCommand({ title: 'New postmortem' }, 'new');
    const within = matchCommand({ title: 'Start a new one' }, 'new');
    expect(begins?.rank).toBeLessThan(within?.rank ?? 0);
  });
});

describe('the first character', () => {
  it('narrows what is looked for', () => {
    expect(readQuery('> theme')).toEqual({ scope: 'commands', query: 'theme' });
    expect(readQuery('@greg')).toEqual({ scope: 'people', query: 'greg' });
    expect(readQuery(' login ')).toEqual({ scope: 'all', query: 'login' });
  });
});

it('writes days as people do', () => {
  expect(readableDetail('2026-11-10 16:05 CET', 2026)).toBe('10 Nov, 16:05 CET');
  expect(readableDetail('Gary Holt, 2027-01-02', 2026)).toBe('Gary Holt, 2 Jan 2027');
  expect(readableDetail('communication', 2026)).toBe('communication');
});
