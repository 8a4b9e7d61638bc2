import { describe, expect, it } from 'vitest';
import { copyOf, keepingId, planNote, problemsByLine, shape, startsAt, templateFileName, totals } from './agenda';

describe('templates', () => {
  const stages = [{ minutes: [2, 5, 5] }, { minutes: [0, 10, 20] }, { minutes: [28, 40, 65] }];

  it('add up their agenda', () => {
    expect(totals(stages)).toEqual([30, 55, 90]);
    expect(startsAt(stages, 1)).toEqual([0, 5, 15]);
    expect([planNote(30, 30), planNote(55, 60), planNote(75, 60), planNote(0, 30)]).toEqual([null, '5 min free', '15 min over', null]);
    expect(shape(1, 0)).toBe('1 section · no meeting');
    expect(shape(7, 8)).toBe('7 sections · 8 stages');
  });

  it('get file names of their own', () => {
    expect(templateFileName('short-review', 'x')).toBe('short-review.md');
    expect(templateFileName('', 'Überblick & mehr')).toBe('uberblick-mehr.md');
    expect(templateFileName('', '../../')).toBe('template.md');
  });

  it('are copied under a name of their own', () => {
    expect(copyOf('---\nid: short\nname: "Short review"\nstages: []\n---\n# A\n\nid: stays\n')).toBe(
      '---\nname: "Short review copy"\nstages: []\n---\n# A\n\nid: stays\n',
    );
    expect(copyOf('---\r\nname: Short\r\nid: x\r\n---\r\ntext')).toBe('---\r\nname: Short copy\r\n---\r\ntext');
    expect(copyOf('no front matter')).toBe('no front matter');
  });

  it('keep their id when they come back after they were removed', () => {
    expect(keepingId('---\nname: Short review\n---\n', 'short-review', 'Short review')).toBe('---\nname: Short review\n---\n');
    expect(keepingId('---\nid: x\nname: Other\n---\n', 'x', 'Other')).toBe('---\nid: x\nname: Other\n---\n');
    expect(keepingId('---\nname: Other\n---\nid: text\n', 'x', 'Other')).toBe('---\nid: x\nname: Other\n---\nid: text\n');
  });

  it('have their problems marked once per line', () => {
    const found = problemsByLine(
      [{ line: 2, message: 'a' }, { line: 2, message: 'a' }, { line: 2, message: 'b' }, { line: 99, message: 'c' }, { line: 0, message: 'd' }],
      10,
    );
    expect([...found]).toEqual([[2, ['a', 'b']], [10, ['c']], [1, ['d']]]);
  });
});
