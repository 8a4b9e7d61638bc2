import { describe, expect, it } from 'vitest';
import { bytesText, counted, daysProblem, emailProblem, handleProblem, nameNote, nameProblem, tidyHandle } from './checks';

describe('fields of the settings', () => {
  it('asks for a name, and for one of its own only where it must be', () => {
    expect(nameProblem('  ', 'person')).toMatch(/name is needed/);
    expect(nameProblem('Gary', 'person', ['Gary'])).toBeNull();
    expect(nameNote('gary ', ['Gary'])).toMatch(/same name/);
    expect(nameProblem('login', 'service', ['Login'])).toMatch(/already a service/);
    expect(nameProblem('x'.repeat(201), 'person')).toMatch(/201/);
    expect(nameProblem('عمر 👩‍🚒', 'person')).toBeNull();
  });

  it('takes addresses and proposes what was meant', () => {
    for (const good of ['', ' gary@example.com ', 'g.b+x@mail.example.co.uk', 'ü@bücher.example']) expect(emailProblem(good)).toBeNull();
    expect(emailProblem('gary@example,com')).toBe('Did you mean gary@example.com?');
    expect(emailProblem('Gary B <gary@example.com>')).toBe('Did you mean gary@example.com?');
    expect(emailProblem('mailto:gary@example.com,')).toBe('Did you mean gary@example.com?');
    expect(emailProblem('gary at example.com')).toBe('Did you mean gary@example.com?');
    expect(emailProblem('gary')).toMatch(/has an @/);
    expect(emailProblem('gary@')).toMatch(/domain/);
  });

  it('takes handles with or without their @', () => {
    expect(tidyHandle(' @@gary ')).toBe('gary');
    expect(handleProblem('@gary')).toBeNull();
    expect(handleProblem('gary b')).toBe('Handles have no spaces. Did you mean gary.b?');
  });

  it('takes whole days and proposes them', () => {
    expect(daysProblem('30')).toBeNull();
    expect(daysProblem('')).toMatch(/How many/);
    expect(daysProblem('2 weeks')).toMatch(/are 14/);
    expect(daysProblem('2.6')).toMatch(/mean 3/);
    expect(daysProblem('-5')).toMatch(/mean 5/);
    expect(daysProblem('soon')).toMatch(/whole number/);
    expect(daysProblem('0')).toMatch(/At least/);
    expect(daysProblem('99999999999999999999')).toMatch(/At most/);
  });

  it('writes sizes and counts', () => {
    expect([0, 999, 1000, 999_499, 4_240_000, 48_000_000, 1_100_000_000, -1].map(bytesText)).toEqual([
      '0 bytes', '999 bytes', '1 kB', '999 kB', '4.2 MB', '48 MB', '1.1 GB', '',
    ]);
    expect(counted(1, 'person', 'people')).toBe('1 person');
    expect(counted(0, 'person', 'people')).toBe('0 people');
  });
});
