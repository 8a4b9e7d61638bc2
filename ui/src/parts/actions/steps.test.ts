import { expect, test } from 'vitest';
import type { ActionChanged, ActionSet, ActionStatus } from '@bindings';
import { Steps } from './steps';

/** Items whose status alone matters; `locked` ones refuse. */
function items(...locked: string[]) {
  const status = new Map<string, ActionStatus>();
  const set = async (change: ActionSet) => {
    if (locked.includes(change.id)) throw new Error('refused');
    await Promise.resolve();
    const before = status.get(change.id) ?? 'open';
    status.set(change.id, change.status ?? before);
    return { row: {}, undo: { ...change, status: before } } as ActionChanged;
  };
  return { status, steps: new Steps(set, () => undefined) };
}

const tick = (id: string): ActionSet => ({ doc: 'd', id, status: 'done' });

test('several items are one step, taken back and done again together', async () => {
  const { status, steps } = items();
  await steps.make('Done: a', [tick('a')]);
  await steps.make('Done: 2 items', [tick('b'), tick('c')]);
  expect((await steps.undo())?.step?.what).toBe('Done: 2 items');
  expect(Object.fromEntries(status)).toEqual({ a: 'done', b: 'open', c: 'open' });
  await steps.redo();
  expect(Object.fromEntries(status)).toEqual({ a: 'done', b: 'done', c: 'done' });
  await steps.undo();
  await steps.undo();
  expect(Object.fromEntries(status)).toEqual({ a: 'open', b: 'open', c: 'open' });
  expect(await steps.undo()).toBeNull();
});

test('Ctrl Z that comes before the answer still takes back what was just done', async () => {
  const { status, steps } = items();
  await steps.make('Done: a', [tick('a')]);
  void steps.make('Done: b', [tick('b')]);
  await steps.undo();
  expect(Object.fromEntries(status)).toEqual({ a: 'done', b: 'open' });
});

test('what was refused is told, and the rest can be taken back', async () => {
  const { status, steps } = items('b');
  const { step, refused } = await steps.make('Done: 2 items', [tick('a'), tick('b')]);
  expect(refused.map(({ change }) => change.id)).toEqual(['b']);
  expect(step?.changes).toHaveLength(1);
  await steps.undo();
  expect(status.get('a')).toBe('open');
});

test('a step is taken back once, by its message or by the key', async () => {
  const { status, steps } = items();
  const { step } = await steps.make('Done: a', [tick('a')]);
  await steps.make('Done: b', [tick('b')]);
  await steps.undo(step ?? undefined);
  expect(await steps.undo(step ?? undefined)).toBeNull();
  expect(Object.fromEntries(status)).toEqual({ a: 'open', b: 'done' });
});
