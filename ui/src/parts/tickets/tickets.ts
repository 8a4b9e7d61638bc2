// What is done with the tickets of action items: a filled-in page of a tracker, Markdown to paste, a table for Jira.

import type { NewIssue, TicketItem, TicketMatch } from '@bindings';
import { backend, sentence } from '../../backend';
import { count } from '../../format';
import { postmortemHref } from '../../routes';
import { toast } from '../../state/toasts.svelte';

/** An action item by its row. */
export interface Ref {
  doc: string;
  id: string;
}

/** Most items that are made tickets of at once. */
export const MOST_AT_ONCE = 1000;

/**
 * An item as the backend is asked about it, with where others find it: the address of this page, unless the page is of this
 * computer alone.
 */
export function ticketItem({ doc, id }: Ref, page: Pick<Location, 'protocol' | 'hostname' | 'origin' | 'pathname'> = location): TicketItem {
  const web = page.protocol === 'https:' || page.protocol === 'http:';
  const here = /^(localhost|.*\.localhost|127\..*|\[::1\]|0\.0\.0\.0)$/i.test(page.hostname);
  const link = web && !here && backend.shell === 'browser' ? `${page.origin}${page.pathname}${postmortemHref(doc, { kind: 'actions', id, field: '' })}` : '';
  return { doc, id, link };
}

/** Opens a tracker's page for a new issue, and says when not all of the text fitted. */
export async function openIssue(issue: NewIssue): Promise<void> {
  try {
    await backend.openExternal(issue.address);
    if (issue.shortened) toast('The text was shortened to fit into the address. “Copy as Markdown” has all of it.');
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** Opens the page of one tracker on which an item is filled in. */
export async function newIssue(item: Ref, tracker: string): Promise<void> {
  try {
    const draft = await backend.call('ticket_draft', ticketItem(item));
    const issue = draft.issues.find((one) => one.tracker === tracker);
    if (issue === undefined) toast('This tracker is no longer in the settings.', { attend: true });
    else await openIssue(issue);
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** Puts items on the clipboard as Markdown. */
export async function copyMarkdown(items: readonly Ref[]): Promise<void> {
  try {
    const made = await backend.call('tickets_export', { items: items.map((item) => ticketItem(item)), format: 'md' });
    await backend.copy(made.text);
    toast(items.length === 1 ? 'Copied as Markdown' : `${count(items.length, 'item')} copied as Markdown`);
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** Saves items as a table that Jira imports. */
export async function saveForJira(items: readonly Ref[]): Promise<void> {
  try {
    const made = await backend.call('tickets_export', { items: items.map((item) => ticketItem(item)), format: 'jira-csv' });
    const saved = await backend.saveText(made.file_name, made.mime, made.text);
    if (saved !== null) toast(`Saved ${count(items.length, 'item')}: ${saved}. Jira’s import asks for the date format: yyyy-MM-dd.`);
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** An action item to which a pasted ticket may belong. */
export interface PasteItem extends Ref {
  number: number | null;
  text: string;
  /** The ticket that it has. */
  ticket: string;
}

/** A ticket that an item is to get. */
export interface TicketSet extends Ref {
  ticket: string;
}

/**
 * Which item each ticket is to go to before anybody has chosen: what was matched, but no item loses a ticket that it has
 * unless somebody says so.
 */
export function chosenAtFirst(found: readonly TicketMatch[], items: readonly PasteItem[]): number[] {
  return found.map(({ item }) => (item !== null && items[item]?.ticket.trim() === '' ? item : -1));
}

/** What is to be set: a ticket for each item that does not have it already. */
export function setOf(found: readonly TicketMatch[], chosen: readonly number[], items: readonly PasteItem[]): TicketSet[] {
  return found.flatMap(({ ticket }, i) => {
    const item = items[chosen[i] ?? -1];
    return item === undefined || item.ticket === ticket ? [] : [{ doc: item.doc, id: item.id, ticket }];
  });
}
