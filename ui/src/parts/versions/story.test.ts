import { describe, expect, it } from 'vitest';
import { before, byDay, changesSentence, clock, comparison, folded, isFolded, key, ordered, people, reviewPair, title } from './story';

const now = new Date('2026-11-12T09:00:00Z');
const place = (seq: number, at: string, name = '', by = ['Cathy']) => ({ seq, at, name, by });

describe('the history of a postmortem', () => {
  it('is told by day in the document’s zone', () => {
    const versions = [
      place(9, '2026-11-12T08:00:00Z'),
      place(8, '2026-11-11T23:30:00Z'),
      place(7, '2026-11-11T10:00:00Z'),
      place(6, '2026-11-10T16:00:00Z'),
      place(5, '2025-12-31T12:00:00Z'),
      place(4, 'not a time'),
    ];
    expect(byDay(versions, 'Europe/Berlin', now).map((day) => [day.label, day.versions.length])).toEqual([
      ['Today', 2], ['Yesterday', 1], ['10 Nov', 1], ['31 Dec 2025', 1], ['Time unknown', 1],
    ]);
    expect(clock('2026-11-11T23:30:00Z', 'Europe/Berlin')).toBe('00:30');
    expect(clock('?', 'Europe/Berlin')).toBe('');
  });

  it('names people and versions', () => {
    expect(people([])).toBe('Somebody');
    expect(people(['Cathy', ' '])).toBe('Cathy');
    expect(people(['Cathy', 'Greg', 'Gary'])).toBe('Cathy, Greg and Gary');
    expect(people(['Cathy', 'Greg', 'Gary', 'Debby'])).toBe('Cathy, Greg and 2 more');
    expect(title(place(1, '', 'Start of review'))).toBe('Start of review');
    expect(title(place(1, ''))).toBe('Edits by Cathy');
    expect(title(place(1, '', '', []))).toBe('Edits by somebody');
    expect(title(place(1, '', 'exported JSON'))).toBe('Exported JSON');
  });

  it('puts two places in order, the present state last', () => {
    expect(ordered(5, 3)).toEqual({ from: 3, to: 5 });
    expect(ordered(0, 3)).toEqual({ from: 3, to: 0 });
    expect(ordered(3, 0)).toEqual({ from: 3, to: 0 });
    const named = [place(9, 'b', 'After the review'), place(9, 'a', 'exported JSON'), place(3, '')];
    expect(before(named, key(place(9, 'a', 'exported JSON')))?.seq).toBe(3);
    expect(before(named, key(place(9, 'b', 'After the review'))), 'a name for a state that has one already comes after it').toBe(named[1]);
    expect(before(named, key(place(3, '')))).toBeNull();
    expect(before(named, 'gone')).toBeNull();
    expect(key(place(9, 'x', 'exported JSON'))).not.toBe(key(place(9, 'x', 'exported Markdown')));
  });
});

describe('what a version is compared with', () => {
  const versions = [place(9, 'd', 'exported JSON'), place(9, 'c'), place(7, 'b'), place(3, 'a')];
  const at = (index: number, wanted: string) => comparison(versions, key(versions[index] ?? place(0, '')), wanted);

  it('is the one before it unless another is wanted', () => {
    expect(at(0, 'before'), 'two names for one state').toEqual({ against: 'before', pair: { from: 9, to: 9 } });
    expect(at(1, 'before')).toEqual({ against: 'before', pair: { from: 7, to: 9 } });
    expect(at(2, 'now')).toEqual({ against: 'now', pair: { from: 7, to: 0 } });
    expect(at(3, key(place(7, 'b')))).toEqual({ against: key(place(7, 'b')), pair: { from: 3, to: 7 } });
  });

  it('gives the nearest answer where that cannot be', () => {
    expect(at(3, 'before')).toEqual({ against: 'now', pair: { from: 3, to: 0 } });
    expect(at(1, 'now')).toEqual({ against: 'before', pair: { from: 7, to: 9 } });
    expect(at(2, key(place(7, 'b')))).toEqual({ against: 'before', pair: { from: 3, to: 7 } });
    expect(at(2, 'gone')).toEqual({ against: 'before', pair: { from: 3, to: 7 } });
    expect(comparison([place(4, '')], key(place(4, '')), 'before')).toEqual({ against: 'nothing', pair: null });
    expect(comparison([], null, 'before')).toEqual({ against: 'nothing', pair: null });
  });
});

describe('a readable difference', () => {
  const long = Array.from({ length: 80 }, (_, index) => `word${index}`).join(' ');

  it('keeps changed words whole and shortens what stayed', () => {
    const pieces = [{ kind: 'same', text: `${long} ` }, { kind: 'added', text: long }, { kind: 'same', text: ` ${long}` }];
    const short = folded(pieces);
    expect(short[1]?.text).toBe(long);
    expect(short[0]?.text.startsWith('… word')).toBe(true);
    expect(short[0]?.text.endsWith('word79 ') || short[0]?.text.endsWith('word79')).toBe(true);
    expect(short[2]?.text.endsWith(' …')).toBe(true);
    expect(isFolded(pieces)).toBe(true);
  });

  it('leaves short text alone', () => {
    const pieces = [{ kind: 'same', text: 'Login was ' }, { kind: 'removed', text: 'down' }, { kind: 'added', text: 'slow' }];
    expect(folded(pieces)).toEqual(pieces);
    expect(isFolded(pieces)).toBe(false);
  });

  it('is summed up', () => {
    expect(changesSentence([])).toMatch(/Nothing/);
    expect(changesSentence([{ what: 'added' }])).toBe('1 added.');
    expect(changesSentence([{ what: 'added' }, { what: 'changed' }, { what: 'changed' }])).toBe('3 changes: 1 added, 2 changed.');
  });
});

describe('a review', () => {
  it('is told between its start and its end, that of the latest one', () => {
    const at = (seq: number, name: string) => ({ seq, name, at: `2026-11-10T16:0${seq}:00Z`, by: ['Cathy'] });
    const versions = [at(9, ''), at(8, 'end of review'), at(7, ''), at(6, 'start of review'), at(4, 'end of review'), at(2, 'start of review')];
    expect(reviewPair(versions)).toEqual({ end: key(at(8, 'end of review')), start: key(at(6, 'start of review')) });
    expect(reviewPair(versions.slice(2, 4)), 'a review whose end has no name goes up to the newest').toEqual({ end: key(at(7, '')), start: key(at(6, 'start of review')) });
    expect(reviewPair([at(1, '')]), 'no review has begun').toBeNull();
  });
});
