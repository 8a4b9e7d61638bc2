import { describe, expect, it } from 'vitest';
import { boundedText, writtenSentence } from './preview';

describe('the preview of an export', () => {
  it('shows short text whole', () => {
    expect(boundedText('a\nb\n', 10)).toEqual({ shown: 'a\nb\n', linesLeftOut: 0 });
  });

  it('cuts long text at the end of a line and counts the rest', () => {
    expect(boundedText('1234567\n90\nlast\n', 9)).toEqual({ shown: '1234567', linesLeftOut: 2 });
    expect(boundedText('1234567\n90\nlast', 9)).toEqual({ shown: '1234567', linesLeftOut: 2 });
  });

  it('cuts inside a line only between whole characters', () => {
    expect(boundedText('ab😀cdef', 3)).toEqual({ shown: 'ab', linesLeftOut: 1 });
  });

  it('says where everything went', () => {
    expect(writtenSentence(['/home/c/a.md'])).toBe('Written to /home/c/a.md');
    expect(writtenSentence(['/home/c/a.md', '/home/c/a/1.png'])).toBe('Written to /home/c/a.md, with 1 image beside it');
    expect(writtenSentence([])).toBe('Written.');
  });
});
