import { expect, test } from 'vitest';

import { readLines, readSpans, type Span } from './markdown';

function show(text: string, spans: Span[]): string {
  return spans
    .map((span) => (span.kind === 'text' ? text.slice(span.from, span.to) : `<${span.kind}>${span.children.length > 0 ? show(text, span.children) : text.slice(span.innerFrom, span.innerTo)}</>`))
    .join('');
}

function inline(text: string): string {
  return show(text, readSpans(text, 0, text.length));
}

test('lines', () => {
  const text = '# One\n\n- a\n  - b\n1. c\n- [x] d\n> q\n```\n# not\n```\n---\nend';
  expect(readLines(text).map((line) => `${line.block} ${line.level} ${text.slice(line.textFrom, line.to)}`)).toEqual([
    'heading 1 One',
    'blank 0 ',
    'bullet 0 a',
    'bullet 1 b',
    'number 0 c',
    'bullet 0 d',
    'quote 0 q',
    'fence 0 ```',
    'code 0 # not',
    'fence 0 ```',
    'rule 0 ---',
    'text 0 end',
  ]);
  expect(readLines('')).toHaveLength(1);
});

test('marks within a line', () => {
  expect(inline('a **b *c* d** e')).toBe('a <strong>b <em>c</> d</> e');
  expect(inline('runs `top`: 92%')).toBe('runs <code>top</>: 92%');
  expect(inline('``a ` b``')).toBe('<code>a ` b</>');
  expect(inline('snake_case_name and _so_')).toBe('snake_case_name and <em>so</>');
  expect(inline('2 * 3 * 4')).toBe('2 * 3 * 4');
  expect(inline('~~gone~~ \\*not\\*')).toBe('<strike>gone</> <escape>*</>not<escape>*</>');
  expect(inline('see [the log](https://x.example/a) or https://y.example/b.')).toBe('see <link>the log</> or <link>https://y.example/b</>.');
  expect(inline('**open')).toBe('**open');
});

test('long and hostile lines are read in time', () => {
  const started = performance.now();
  for (const line of ['*a '.repeat(1300), '['.repeat(4000), '`'.repeat(3999) + ' ', '**'.repeat(2000), '_a_'.repeat(1000)]) readSpans(line, 0, line.length);
  readSpans('*a '.repeat(50_000), 0, 150_000);
  expect(performance.now() - started).toBeLessThan(1500);
});
