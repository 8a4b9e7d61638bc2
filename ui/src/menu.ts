import { run } from './commands.svelte';
import { isTyping } from './keys';
import { topModal } from './state/modals.svelte';
import { toast } from './state/toasts.svelte';

const commands: Record<string, string> = {
  new: 'new', import: 'import', export: 'export', palette: 'palette', theme: 'theme', keys: 'keys', settings: 'go.settings', open_workspace: 'workspace', open_named: 'workspace.named', open_team: 'team', join_review: 'join',
};

/** Does what the native menu was asked for. */
export function fromMenu(item: string): void {
  if (item === 'undo' || item === 'redo') {
    takeBack(item);
    return;
  }
  const command = commands[item];
  if (command === undefined || run(command)) return;
  if (item === 'export') toast('Open the postmortem that you want to export first');
}

/** A plain field takes back its own typing; anywhere else it is the screen's last edit, unless a dialog lies over it. */
function takeBack(item: 'undo' | 'redo'): void {
  const at = document.activeElement;
  if (isTyping(at, item === 'undo' ? 'Mod+Z' : 'Mod+Shift+Z') && (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)) {
    // Nothing else reaches a field's own list of edits.
    document.execCommand(item);
  } else if (topModal() === null) run(item);
}
