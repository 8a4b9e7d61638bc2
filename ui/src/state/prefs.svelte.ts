import type { ActionGrouping, Priority } from '@bindings';

/** What a person sets for this device alone. */
export interface Prefs {
  /** Light, dark, or as the system is. */
  theme: 'system' | 'light' | 'dark';
  /** Single letters act as keys outside of text fields. */
  singleKeys: boolean;
  /** The order of the list of postmortems. */
  sort: string;
  /** Whose action items are shown first: `mine` or `everyone`. */
  actions: 'mine' | 'everyone';
  /** The team whose action items are shown instead; empty for none. */
  team: string;
  /** How action items are grouped. */
  grouping: ActionGrouping;
  /** Which action items are shown. */
  narrow: { priorities: readonly Priority[]; services: readonly string[]; unowned: boolean; accepted: boolean };
}

const KEY = 'debrief.prefs';
const defaults: Prefs = { theme: 'system', singleKeys: true, sort: 'newest', actions: 'mine', team: '', grouping: 'due', narrow: { priorities: [], services: [], unowned: false, accepted: false } };
const GROUPINGS: readonly ActionGrouping[] = ['due', 'priority', 'postmortem', 'service', 'owner', 'team'];
const PRIORITIES: readonly Priority[] = ['P0', 'P1', 'P2', 'P3'];

/** What narrowed the list of action items, as far as it can be read. */
function narrowed(kept: unknown): Prefs['narrow'] {
  if (typeof kept !== 'object' || kept === null) return defaults.narrow;
  const { priorities, services, unowned, accepted } = kept as Record<string, unknown>;
  return {
    priorities: Array.isArray(priorities) ? PRIORITIES.filter((each) => priorities.includes(each)) : [],
    services: Array.isArray(services) ? services.filter((each): each is string => typeof each === 'string') : [],
    unowned: unowned === true,
    accepted: accepted === true,
  };
}

function load(): Prefs {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return { ...defaults };
    const { theme, singleKeys, sort, actions, team, grouping, narrow } = kept as Record<string, unknown>;
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : defaults.theme,
      singleKeys: typeof singleKeys === 'boolean' ? singleKeys : defaults.singleKeys,
      sort: typeof sort === 'string' ? sort : defaults.sort,
      actions: actions === 'everyone' ? actions : defaults.actions,
      team: typeof team === 'string' ? team : defaults.team,
      grouping: GROUPINGS.find((each) => each === grouping) ?? defaults.grouping,
      narrow: narrowed(narrow),
    };
  } catch {
    // Storage may be switched off or hold something else's words: the defaults do.
    return { ...defaults };
  }
}

const state = $state<Prefs>(load());

/** This device's preferences. Reactive; change them with `setPref`. */
export function prefs(): Readonly<Prefs> {
  return state;
}

/** Changes one preference and keeps it. */
export function setPref<K extends keyof Prefs>(key: K, value: Prefs[K]): void {
  state[key] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Without storage it holds until the window closes.
  }
  if (key === 'theme') applyTheme();
}

/** Puts the chosen theme on the page. */
export function applyTheme(): void {
  if (state.theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
}

/** The theme after this one: system, light, dark, and round again. */
export function nextTheme(): Prefs['theme'] {
  const next = { system: 'light', light: 'dark', dark: 'system' } as const;
  return next[state.theme];
}
