/** A short message at the edge of the window. */
export interface Toast {
  /** Tells one from another. */
  readonly id: number;
  /** One sentence or less. */
  readonly text: string;
  /** Takes back what the text reports. */
  readonly undo?: () => unknown;
  /** It needs looking at: shown in ochre and read out at once. */
  readonly attend: boolean;
}

let shown = $state.raw<Toast | null>(null);
let last = 0;

/** The toast that is shown, one at a time. Reactive. */
export function currentToast(): Toast | null {
  return shown;
}

/** Shows a message for six seconds; `undo` puts an Undo button beside it that Z and Ctrl Z press as well. */
export function toast(text: string, options: { undo?: () => unknown; attend?: boolean } = {}): void {
  last += 1;
  shown = { id: last, text, undo: options.undo, attend: options.attend ?? false };
}

/** Takes the toast away; with an id only if it is that one. */
export function dismissToast(id?: number): void {
  if (id === undefined || shown?.id === id) shown = null;
}

/** Runs the shown toast's undo. False when there is none. */
export function undoToast(): boolean {
  const toUndo = shown;
  if (toUndo?.undo === undefined) return false;
  shown = null;
  void toUndo.undo();
  return true;
}
