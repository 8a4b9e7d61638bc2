import type { SummaryRequest } from '@bindings';

/** What somebody asks for again and again, under a name. */
export interface Preset {
  name: string;
  /** A period by its name moves with the days; an empty one stands for the days of the request. */
  period: string;
  request: SummaryRequest;
}

const KEY = 'debrief.summaries';
/** Presets beyond this many are too many to choose from. */
const MOST = 30;

let last: Preset | null = null;

/** What was chosen when the summary was left last; null before that. It is gone with the window. */
export function lastChoices(): Preset | null {
  return last;
}

/** Remembers what is chosen now. */
export function rememberChoices(choices: Preset): void {
  last = choices;
}

/** The presets that are kept on this computer. */
export function presets(): Preset[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isPreset).slice(0, MOST) : [];
  } catch {
    // Storage may be switched off or hold something else's words: there are none then.
    return [];
  }
}

/** Keeps a preset; one of the same name is replaced. Gives all of them. Rejects by its answer null when nothing can be kept here. */
export function keepPreset(preset: Preset): Preset[] | null {
  return write([preset, ...presets().filter((one) => one.name !== preset.name)].slice(0, MOST));
}

/** Forgets the preset of that name. */
export function dropPreset(name: string): Preset[] | null {
  return write(presets().filter((one) => one.name !== name));
}

function write(all: Preset[]): Preset[] | null {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return all;
  } catch {
    return null;
  }
}

function isPreset(value: unknown): value is Preset {
  if (typeof value !== 'object' || value === null) return false;
  const { name, period, request } = value as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && typeof period === 'string' && typeof request === 'object' && request !== null && 'scope' in request;
}
