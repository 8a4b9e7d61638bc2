/** What several parts of a review need of words and days. */
import type { Severity } from '@bindings';
import type { Row } from '@ui/doc/document.svelte';
import { dayNumber, dayOfNumber, writeDay } from '@ui/format';
import type { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { policyDays } from '@ui/parts/postmortem/policy';
import { thisDay } from '@ui/today.svelte';

/** A finding that neither an action item nor a decision answers. What helped, and luck, ask for none. */
export function isUnanswered(row: Row<'findings'>): boolean {
  return row.actions.length === 0 && !row.data.no_action && row.data.kind !== 'helped' && row.data.kind !== 'luck';
}

/** So many days from today, `YYYY-MM-DD`. */
export function inDays(days: number): string {
  return writeDay(dayOfNumber(dayNumber(thisDay()) + days));
}

/** The day on which an action item is due as agreed, `YYYY-MM-DD`. */
export function dueByPolicy(severity: Severity | null): string {
  return inDays(policyDays(severity));
}

/** A sentence that begins with somebody who took part says who; the rest stands after the name. */
export function actorAtStart(context: PostmortemContext, text: string): { name: string; rest: string } | null {
  for (const row of context.document.rows('participants')) {
    const name = context.participantName(row);
    for (const lead of [`${name} `, `${name}: `]) {
      if (text.startsWith(lead) && text.trim().length > lead.length) return { name, rest: text.slice(lead.length).trim() };
    }
  }
  return null;
}
