/** A question that the desktop shell asked for the page before the page was there: `ask-first.js`. */
interface Asked {
  /** The request as JSON. */
  request: string;
  answer: Promise<unknown>;
}

declare global {
  interface Window {
    debriefFirst?: Record<string, Asked | undefined>;
  }
}

/** The answer to this question if it was asked before the page was there; each is given once. */
export function firstAnswer(name: string, request: unknown): Promise<unknown> | undefined {
  const asked = window.debriefFirst?.[name];
  if (asked === undefined) return undefined;
  delete window.debriefFirst?.[name];
  return asked.request === JSON.stringify(request) ? asked.answer : undefined;
}

/** Whether the first rows of the list were asked for before the page was there. */
export function listWasAskedFor(): boolean {
  return window.debriefFirst?.postmortem_list !== undefined;
}
