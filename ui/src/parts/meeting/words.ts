/** What several parts of a review need of words and days. */
import type { Severity } from '@bindings';
import { dayNumber, dayOfNumber, writeDay } from '@ui/format';
import type { PostmortemContext } from '@ui/parts/postmortem/context.svelte';
import { policyDays } from '@ui/parts/postmortem/policy';
import { thisDay } from '@ui/today.svelte';

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
