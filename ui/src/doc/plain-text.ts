/** A postmortem's words as plain text, for a clipboard: what a person takes with them when it cannot be saved. */
import type { RowKind } from '@bindings';

import type { PostmortemDocument } from './document.svelte';
import { ROW_TEXTS } from './schema';

const LISTS: readonly [RowKind, string][] = [
  ['timeline', 'Timeline'],
  ['findings', 'Findings'],
  ['actions', 'Action items'],
  ['impact', 'Impact'],
  ['parking', 'Parking lot'],
];

/** Title, sections and the texts of every row that is not deleted, as Markdown. Times are in UTC. */
export function plainText(document: PostmortemDocument): string {
  const parts = [`# ${document.title.trim() || 'Untitled'}`];
  for (const section of document.sections) if (section.text.trim() !== '') parts.push(`## ${section.title}\n\n${section.text.trim()}`);
  for (const [kind, heading] of LISTS) {
    const lines = document.rows(kind).map((row) => {
      const texts = ROW_TEXTS[kind].map((name) => document.rowText(kind, row.id, name as never)?.toJSON().trim() ?? '');
      const at = 'at' in row.data && row.data.at !== null ? row.data.at.at : '';
      return `- ${[at, ...texts].filter((text) => text !== '').join('  ')}`;
    });
    if (lines.length > 0) parts.push(`## ${heading}\n\n${lines.join('\n')}`);
  }
  return `${parts.join('\n\n')}\n`;
}
