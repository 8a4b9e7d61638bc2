/** When action items are due, as the workspace has agreed. */
import type { Severity } from '@bindings';
import { directory } from '@ui/state/session.svelte';

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
