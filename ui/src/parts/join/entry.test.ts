import { afterEach, describe, expect, it } from 'vitest';
import { codeProblem, nameProblem, rememberedName, rememberName } from './entry';

afterEach(() => localStorage.clear());

describe('a guest’s name', () => {
  it('is needed, and short', () => {
    expect(nameProblem('  ')).toMatch('Say your name');
    expect(nameProblem('Zoë 🧯'.repeat(20))).toMatch('at most 60');
    expect(nameProblem('🧯'.repeat(60))).toBeNull();
  });

  it('is remembered for the next meeting', () => {
    expect(rememberedName()).toBe('');
    rememberName('Debby');
    expect(rememberedName()).toBe('Debby');
  });
});

describe('a code', () => {
  it('is taken however it is typed', () => {
    for (const code of ['KFT 482', 'kft482', ' kft-482 ']) expect(codeProblem(code)).toBeNull();
  });

  it('is told apart from what is none before anybody is asked', () => {
    for (const code of ['', '482 KFT', 'KFT 48', 'KFTX 482']) expect(codeProblem(code)).not.toBeNull();
  });
});
