// What the settings say of each program that keeps tickets.

import type { TrackerKind } from '@bindings';

/** Names, examples and what is to be known of each program. */
export const trackerKinds: Record<TrackerKind, { name: string; place: string; example: string; keys: string; keysHint: string }> = {
  github: { name: 'GitHub', place: 'Address of the repository', example: 'https://github.com/owner/repository', keys: '#34', keysHint: '#34 and owner/repository#34 are known without a pattern.' },
  gitlab: { name: 'GitLab', place: 'Address of the project', example: 'https://gitlab.com/group/project', keys: '#34', keysHint: '#34 and group/project#34 are known without a pattern.' },
  jira: { name: 'Jira', place: 'Address of the site', example: 'https://your-team.atlassian.net', keys: 'OPS-#', keysHint: 'Without a pattern, any KEY-1 is one of this site.' },
  linear: { name: 'Linear', place: 'Address of the workspace or team', example: 'https://linear.app/your-team/team/OPS', keys: 'OPS-#', keysHint: 'Without a pattern, any KEY-1 is one of this workspace.' },
};
