/**
 * What an account of a team's workspace is offered, by its role. The server decides all the same; this is so that nobody is
 * offered what it would refuse. Where the workspace is served to nobody (the desktop app, `debrief serve` for oneself)
 * everything is offered.
 */
import type { AccountRole, Commands } from '@bindings';
import { account, session } from './session.svelte';

/** Every role, from least to most. */
export const ROLES: readonly AccountRole[] = ['viewer', 'member', 'facilitator', 'admin'];

/** What a role is called. */
export const roleNames: Record<AccountRole, string> = { viewer: 'Viewer', member: 'Member', facilitator: 'Facilitator', admin: 'Admin' };

/** What a role allows, after "can". */
export const roleAllows: Record<AccountRole, string> = {
  viewer: 'read and export postmortems, and follow review meetings',
  member: 'read and write postmortems, and change action items',
  facilitator: 'write postmortems, run review meetings, publish, and change templates and shared settings',
  admin: 'do everything here, and invite others',
};

/** The least role of each command that not every account may give. */
export const NEEDS: Partial<Record<keyof Commands, AccountRole>> = {
  postmortem_new: 'member',
  demo_new: 'member',
  action_set: 'member',
  version_name: 'member',
  version_restore: 'member',
  person_save: 'member',
  service_save: 'member',
  customer_post_begin: 'member',
  import: 'member',
  replica_hand_in: 'member',
  postmortem_trash: 'facilitator',
  postmortem_restore: 'facilitator',
  service_remove: 'facilitator',
  settings_save: 'facilitator',
  tracker_save: 'facilitator',
  tracker_remove: 'facilitator',
  template_save: 'facilitator',
  template_remove: 'facilitator',
  export_template_try: 'facilitator',
  export_template_save: 'facilitator',
  export_template_restore: 'facilitator',
  reminders: 'facilitator',
  meeting_open: 'facilitator',
  share_interfaces: 'facilitator',
  share_start: 'facilitator',
  share_stop: 'facilitator',
  share_state: 'facilitator',
  guest_right: 'facilitator',
  guest_free: 'facilitator',
  guest_remove: 'facilitator',
  publish: 'facilitator',
  publish_anew: 'facilitator',
  published_delete: 'facilitator',
  postmortem_access_set: 'facilitator',
  postmortem_erase: 'admin',
  trash_empty: 'admin',
  workspace_check: 'admin',
  reminders_clock_right: 'admin',
  account_list: 'admin',
  account_invite: 'admin',
  account_role: 'admin',
  account_end: 'admin',
  invitation_withdraw: 'admin',
  audit_list: 'admin',
};

/** Whether a role is at least another one. */
export function isAtLeast(role: AccountRole, least: AccountRole): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** Whether whoever is here may give a command. Reactive. */
export function may(command: keyof Commands): boolean {
  const role = account()?.role;
  return role === undefined || isAtLeast(role, NEEDS[command] ?? 'viewer');
}

/** Whether whoever is here may write in postmortems. Reactive. */
export function mayWrite(): boolean {
  const role = account()?.role;
  return role === undefined || isAtLeast(role, 'member');
}

/** Whether whoever is here may change how a person of the directory is named and reached: facilitators anybody, others themselves. Reactive. */
export function mayChangePerson(id: string): boolean {
  const role = account()?.role;
  return role === undefined || isAtLeast(role, 'facilitator') || (isAtLeast(role, 'member') && session()?.me?.id === id);
}
