import type { PasteItem, TicketSet } from '../parts/tickets/tickets';

/** The dialogs that commands open from anywhere, and what each is opened with. */
export interface Dialogs {
  /** Search or run a command. `query` is typed in already. */
  palette: { query?: string };
  /** Every key. */
  keys: Record<never, never>;
  /** A new postmortem. */
  new: { template?: string; title?: string };
  /** Import postmortems from files; those in `files` at once. */
  import: { files?: readonly File[] };
  /** Join a review that another computer shares. */
  join: Record<never, never>;
  /** Open a team's workspace, by an invitation or one that is kept here. */
  team: Record<never, never>;
  /** How this copy of a team's workspace stands. */
  away: Record<never, never>;
  /** Export one postmortem. */
  export: { doc: string };
  /** Published copies: of one postmortem, or all of them. */
  published: { doc?: string };
  /** Versions of one postmortem; after a review, what changed in it. */
  versions: { doc: string; review?: boolean };
  /** Who may see one postmortem of a team's workspace. */
  access: { doc: string };
  /** What was done in a team's workspace, and by whom. */
  audit: Record<never, never>;
  /** Tickets that were made elsewhere are matched to these items; `onset` sets them as one step of undo. */
  tickets: { items: readonly PasteItem[]; onset: (set: readonly TicketSet[]) => void };
  /** Edits would be lost, or the work that the sentence `work` tells of. `answer` is told whether to go on all the same. */
  unsaved: { title: string; lose: string; work: string | null; answer: (go: boolean) => void };
}

type Open = { [K in keyof Dialogs]: { name: K; props: Dialogs[K] } }[keyof Dialogs];

let open = $state.raw<Open | null>(null);

/** The dialog that is open. Reactive. */
export function currentDialog(): Open | null {
  return open;
}

/** Opens a dialog in the place of the one that is open. */
export function openDialog<K extends keyof Dialogs>(name: K, props: Dialogs[K]): void {
  open = { name, props } as Open;
}

/** Closes the dialog that is open. */
export function closeDialog(): void {
  open = null;
}
