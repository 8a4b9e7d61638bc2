import type { RowKind } from '@bindings';
import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from './document.svelte';
import { ROW_KINDS } from './schema';
import { seeded } from './seeded';

/** Everything that can be seen of a document. */
function view(document: PostmortemDocument): unknown {
  return {
    title: document.title,
    header: document.header,
    anchors: document.anchors,
    rows: ROW_KINDS.map((kind) =>
      document.rows<RowKind>(kind).map((row) => ({ ...row.data, events: row.events, findings: row.findings, actions: row.actions, helpers: row.helpers })),
    ),
  };
}

test('random edits, moves, deletes and undos, exchanged in random order, converge', { timeout: 30_000 }, () => {
  for (const seed of [11, 23, 42, Date.now() % 100_000]) {
    const random = seeded(seed);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    const documents = [0, 1, 2].map(() => new PostmortemDocument(new Y.Doc(), random));
    const mail: { to: number; update: Uint8Array }[] = [];
    documents.forEach((document, from) => {
      document.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin === 'mail') return;
        documents.forEach((_, to) => {
          if (to !== from) mail.push({ to, update });
        });
      });
    });
    const kinds: readonly ('timeline' | 'findings' | 'actions')[] = ['timeline', 'findings', 'actions'];
    for (let step = 0; step < 400; step++) {
      const document = pick(documents);
      const kind = pick(kinds);
      if (!document || !kind) continue;
      const row = pick(document.rows<RowKind>(kind));
      switch (Math.floor(random() * 9)) {
        case 0:
        case 1:
          document.add('a row', kind, { texts: { text: `row ${String(step)}` }, index: Math.floor(random() * 5) });
          break;
        case 2:
          if (row) document.hide('a row', kind, row.id);
          break;
        case 3:
          if (row) document.move('a row', kind, row.id, Math.floor(random() * 8));
          break;
        case 4: {
          const text = row ? document.rowText(kind, row.id, 'text') : null;
          if (text) document.splice(text, Math.floor(random() * (text.length + 1)), Math.floor(random() * 3), 'é😀x');
          break;
        }
        case 5:
          if (kind === 'timeline' && row) document.edit('the time', 'timeline', row.id, { at: { at: `2026-11-10T1${String(Math.floor(random() * 10))}:00:00Z`, zone: 'UTC', precision: 'exact' } });
          else if (row) document.edit('who may read it', kind, row.id, { visibility: 'room' });
          break;
        case 6: {
          const other = pick(document.rows('findings'));
          if (row && other && kind === 'timeline') document.link('a link', row.id, other.id, random() < 0.8);
          break;
        }
        case 7:
          document.undo();
          break;
        default:
          document.redo();
      }
      while (mail.length > 0 && random() < 0.4) {
        const at = Math.floor(random() * mail.length);
        const [letter] = mail.splice(at, 1);
        if (letter) Y.applyUpdate(documents[letter.to]?.ydoc as Y.Doc, letter.update, 'mail');
      }
    }
    for (const letter of mail) Y.applyUpdate(documents[letter.to]?.ydoc as Y.Doc, letter.update, 'mail');
    const [first, ...others] = documents.map(view);
    for (const other of others) expect(other, `seed ${String(seed)}`).toEqual(first);
    // What was kept up to date change by change equals what is read afresh.
    const fresh = new Y.Doc();
    Y.applyUpdate(fresh, Y.encodeStateAsUpdate(documents[0]?.ydoc as Y.Doc));
    expect(view(new PostmortemDocument(fresh)), `seed ${String(seed)}`).toEqual(first);
  }
});

test('two thousand rows: a keystroke reads one row again', () => {
  const document = new PostmortemDocument();
  document.ydoc.transact(() => {
    for (let i = 0; i < 2000; i++) {
      const row = new Y.Map<unknown>();
      document.ydoc.getMap('timeline').set(`row-${String(i)}`, row);
      row.set('order', `a${String(i).padStart(5, '0')}V`);
      row.set('text', new Y.Text(`Event ${String(i)}`));
    }
  });
  expect(document.rows('timeline')).toHaveLength(2000);
  const list = document.rows('timeline');
  const before = list.map((row) => row.data);
  const text = document.rowText('timeline', 'row-1000', 'text');
  if (text) document.splice(text, 0, 0, 'Later: ');
  expect(document.rows('timeline'), 'the list itself stays').toBe(list);
  expect(list.filter((row, i) => row.data !== before[i]).map((row) => row.id)).toEqual(['row-1000']);
});
