// Replicas of a postmortem that run the window's own document code and make the edits that a screen would make.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ui = fileURLToPath(new URL('../../ui/', import.meta.url));
export const from = createRequire(new URL('../../ui/package.json', import.meta.url));
const { createServer } = await import(pathToFileURL(from.resolve('vite')).href.replace(/index\.cjs$/, 'dist/node/index.js'));

export const vite = await createServer({
  root: ui,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
  // One copy of Yjs, transformed with the rest: the document code and this file must speak of the same classes.
  ssr: { noExternal: ['yjs', 'lib0', 'y-protocols', 'fractional-indexing'] },
});
export const Y = await vite.ssrLoadModule('yjs');
const { PostmortemDocument } = await vite.ssrLoadModule('/src/doc/document.svelte.ts');

/** Numbers in [0, 1) from a seed, the same in every run (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS = ['cache', 'naïve', 'שלום', '🧯', 'deploy', 'five minutes', 'login', '\n', '`code`', 'é́'];
const ROWS = ['timeline', 'findings', 'actions', 'impact', 'parking', 'participants'];

/** A row's values as the plain snapshot has them: without its place, with its links. */
function plainRow(kind, row) {
  const { order: _order, deleted: _deleted, ...values } = row.data;
  if (kind === 'findings') return { ...values, events: row.events, actions: row.actions };
  if (kind === 'actions') return { ...values, helpers: row.helpers };
  return values;
}

/** One replica: its document, and what somebody at its screen does. Its choices follow `random`. */
export function replica(random) {
  const ydoc = new Y.Doc();
  const doc = new PostmortemDocument(ydoc, () => random());
  const pick = (values) => values[Math.floor(random() * values.length)];

  function plain() {
    const rows = (kind) => doc.rows(kind).map((row) => plainRow(kind, row));
    const { severity, status, timezone, template, reviewOwner, services, tags } = doc.header;
    return {
      title: doc.title,
      severity,
      status,
      timezone,
      template,
      review_owner: reviewOwner,
      services,
      tags,
      anchors: doc.anchors,
      sections: doc.sections.map(({ id, title, text }) => ({ id, title, text })),
      timeline: rows('timeline'),
      findings: rows('findings'),
      actions: rows('actions'),
      impact: rows('impact'),
      parking: rows('parking'),
      participants: rows('participants'),
    };
  }

  const at = () => ({
    at: new Date(Date.UTC(2026, 10, 10, 15, Math.floor(random() * 60))).toISOString().replace('.000Z', 'Z'),
    zone: pick(['Europe/Berlin', 'UTC']),
    precision: pick(['exact', 'about']),
  });

  function someText() {
    const kind = pick(['title', 'section', 'timeline', 'findings', 'actions']);
    if (kind === 'title') return doc.titleText;
    if (kind === 'section') return doc.sections.length > 0 ? doc.sectionText(pick(doc.sections).id) : doc.titleText;
    const rows = doc.rows(kind);
    return rows.length > 0 ? doc.rowText(kind, pick(rows).id, 'text') : doc.titleText;
  }

  /** Replaces a few characters; like an editor, it never cuts a character of two units in half. */
  function splice(text) {
    const units = text.toString();
    const whole = (at) => (at > 0 && at < units.length && /[\udc00-\udfff]/.test(units[at]) ? at + 1 : at);
    const from = whole(Math.floor(random() * (units.length + 1)));
    const to = whole(Math.min(units.length, from + Math.floor(random() * 3)));
    doc.splice(text, from, to - from, pick(WORDS));
  }

  /** One edit, as the screen would make it. */
  function edit() {
    const kind = pick(ROWS);
    const rows = doc.rows(kind);
    const row = rows.length > 0 ? pick(rows) : null;
    switch (Math.floor(random() * 12)) {
      case 0:
      case 1:
        doc.add('adding', kind, {
          fields: kind === 'timeline' ? { at: random() < 0.8 ? at() : null } : {},
          texts: kind === 'participants' ? {} : { text: pick(WORDS) },
          index: Math.floor(random() * (rows.length + 1)),
        });
        break;
      case 2:
        if (row) doc.move('moving', kind, row.id, Math.floor(random() * rows.length));
        break;
      case 3:
        if (row) doc.hide('deleting', kind, row.id);
        break;
      case 4:
      case 5:
      case 6: {
        const text = someText();
        if (text) splice(text);
        break;
      }
      case 7: {
        const action = pick(doc.rows('actions').concat(null));
        if (action) doc.edit('status', 'actions', action.id, { status: pick(['open', 'in_progress', 'done', 'declined']), due: pick(['2026-11-25', null]) });
        else doc.editHeader('severity', { severity: pick(['SEV1', 'SEV3', null]), status: pick(['draft', 'in_review']) });
        break;
      }
      case 8: {
        const finding = pick(doc.rows('findings').concat(null));
        const event = pick(doc.rows('timeline').concat(null));
        if (finding && event) doc.link('linking', event.id, finding.id, random() < 0.7);
        break;
      }
      case 9:
        doc.setAnchor('anchor', pick(['t0', 't3', 't6']), random() < 0.8 ? { at: at().at, precision: pick(['exact', 'about']), source: pick(['log', 'a|b', '']) } : null);
        break;
      case 10:
        doc.undo();
        break;
      default:
        doc.redo();
    }
  }

  return { ydoc, doc, edit, plain };
}
