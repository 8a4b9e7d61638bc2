/** When action items are due, as the workspace has agreed. */
import type { Severity, Status } from '@bindings';
import { dayNumber, dayOfNumber, writeDay } from '@ui/format';
import type { Day } from '@ui/format';
import { directory } from '@ui/state/session.svelte';

/** The day on which to look whether something worked that is done on a day; null where the workspace asks nobody. */
export function lookAgainOn(day: Day): string | null {
  const days = directory()?.directory.settings.look_again_days ?? 30;
  return days === 0 ? null : writeDay(dayOfNumber(dayNumber(day) + days));
}

/** Whether a due day that was set moves only with a reason: others count on it since the review. */
export function isReviewOver(status: Status): boolean {
  return status === 'follow_up' || status === 'closed';
}

/** Days in which an action item of an incident of this severity is due. */
export function policyDays(severity: Severity | null): number {
  const days = directory()?.directory.settings.due_days ?? { sev1: 15, sev2: 30, sev3: 60, sev4: 90, sev5: 90 };
  switch (severity) {
    case 'SEV1':
      return days.sev1;
    case 'SEV2':
      return days.sev2;
    case 'SEV4':
      return days.sev4;
    case 'SEV5':
      return days.sev5;
    default:
      return days.sev3;
  }
}
