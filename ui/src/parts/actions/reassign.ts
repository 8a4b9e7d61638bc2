import type { ActionRow, ActionSet } from '@bindings';
import { backend } from '../../backend';

/** Items of one page. */
const PAGE = 500;

/** All open action items of a person, on however many pages. */
export async function openItemsOf(person: string): Promise<ActionRow[]> {
  const all: ActionRow[] = [];
  for (;;) {
    const page = await backend.call('action_list', { owner: person, statuses: ['open', 'in_progress'], offset: all.length, limit: PAGE });
    all.push(...page.rows);
    if (page.rows.length < PAGE || all.length >= page.total) return all;
  }
}

/** The changes that give items to somebody else; those of a postmortem in the trash stay, since nobody can change them there. */
export function givenTo(rows: readonly ActionRow[], owner: string): ActionSet[] {
  return rows.filter((row) => !row.trashed).map((row) => ({ doc: row.doc, id: row.id, owner }));
}
