import { expect, test } from 'vitest';
import { readableWords } from './audit';

const debby = '01a215cf-d8ef-7371-b292-caec424a0339';
const names = new Map([[debby, 'Debby']]);

test('an account is named and not numbered', () => {
  expect(readableWords(`admin, ${debby}`, names)).toBe('admin, Debby');
});

test('an id that stands for nothing readable is left out, and so is what is empty', () => {
  expect(readableWords('01a215cf-0000-7371-b292-caec424a0339', names)).toBe('');
  expect(readableWords(', member', names)).toBe('member');
});

test('everything else stays as it was written', () => {
  expect(readableWords('Firefox on Linux', names)).toBe('Firefox on Linux');
  expect(readableWords('Smith, Jo', names)).toBe('Smith, Jo');
});
