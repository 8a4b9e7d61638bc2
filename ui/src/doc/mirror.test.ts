import type { Postmortem } from '@bindings';
import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { PostmortemDocument } from './document.svelte';
import fixture from './fixtures/login-outage.json';

/** What the document says, in the form of the backend's snapshot. */
function snapshot(document: PostmortemDocument, id: string): unknown {
  const plain = <T extends { order: string; deleted: boolean }>({ order: _order, deleted: _deleted, ...data }: T) => data;
  const { header } = document;
  return {
    id,
    schema: header.schema,
    title: document.title,
    severity: header.severity,
    status: header.status,
    timezone: header.timezone,
    template: header.template,
    review_owner: header.reviewOwner,
    services: header.services,
    tags: header.tags,
    sections: document.sections.map((section) => ({ id: section.id, title: section.title, text: section.text })),
    anchors: document.anchors,
    timeline: document.rows('timeline').map((row) => plain(row.data)),
    findings: document.rows('findings').map((row) => ({ ...plain(row.data), events: row.events, actions: row.actions })),
    actions: document.rows('actions').map((row) => ({ ...plain(row.data), helpers: row.helpers })),
    impact: document.rows('impact').map((row) => plain(row.data)),
    parking: document.rows('parking').map((row) => plain(row.data)),
    participants: document.rows('participants').map((row) => plain(row.data)),
  };
}

test('a document written in Rust reads the same here', () => {
  const document = new PostmortemDocument();
  Y.applyUpdate(document.ydoc, Uint8Array.from(atob(fixture.update), (char) => char.charCodeAt(0)));
  const expected = fixture.snapshot as unknown as Postmortem;
  expect(expected.timeline.length, 'the fixture holds the whole example').toBeGreaterThan(30);
  expect(snapshot(document, expected.id)).toEqual(expected);
});

test('the texts for customers are no part of the page', () => {
  const document = new PostmortemDocument();
  const meta = document.ydoc.getMap('meta');
  meta.set('section:summary', 'a0 Summary');
  meta.set('section:post_doing', 'a1 For customers: What we are doing');
  document.ydoc.getText('sec:post_doing').insert(0, 'We promise.');
  expect(document.sections.map((section) => section.id), 'the page shows its own').toEqual(['summary']);
  expect(document.postSections.map((section) => section.text), 'the post is read and edited beside it').toEqual(['We promise.']);
});
