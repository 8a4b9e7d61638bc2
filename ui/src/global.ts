import { backend, isAway, sentence } from './backend';
import { register } from './commands.svelte';
import { signOutHere } from './state/account.svelte';
import { openDialog } from './state/dialogs.svelte';
import { may } from './state/may';
import { nextTheme, prefs, setPref } from './state/prefs.svelte';
import { back, go, route } from './state/router.svelte';
import { account } from './state/session.svelte';
import { team } from './state/team.svelte';
import { currentToast, toast, undoToast } from './state/toasts.svelte';
import { agreedToLose, mayLeave, stayed } from './state/unsaved.svelte';

/** Makes the example postmortem and goes there. */
export async function openExample(): Promise<void> {
  try {
    const { doc } = await backend.call('demo_new', {});
    go({ name: 'postmortem', id: doc, place: null });
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** Makes the example year and goes to the list that it fills. */
export async function openExampleYear(): Promise<void> {
  try {
    await backend.call('demo_new', { year: true });
    go({ name: 'postmortems' });
    toast('15 postmortems of an example year are here. The summary counts them.');
  } catch (error) {
    toast(sentence(error), { attend: true });
  }
}

/** Goes back one page; from a postmortem to the list, as the page before may be another postmortem in which the next keys would write. */
function up(): void {
  if (route().name === 'postmortem') go({ name: 'postmortems' });
  else back();
}

/** What guests of a meeting can do on every screen: they have one postmortem, and no list to search or go to. */
const FOR_GUESTS: readonly string[] = ['palette', 'join', 'leave', 'theme', 'keys', 'undo', 'undo.toast', 'back'];

/** Registers what can be done on every screen: the same commands for menu, palette and keys. */
export function registerGlobalCommands(guest = false): void {
  const group = 'Anywhere';
  const themeNames = { system: 'as the system', light: 'light', dark: 'dark' };
  const commands: Parameters<typeof register>[0] = [
    { id: 'palette', title: 'Search or run a command', group, keys: ['Mod+K'], icon: 'search', quiet: true, whileTyping: true, run: () => openDialog('palette', {}) },
    { id: 'search', title: 'Search', group, keys: ['/'], quiet: true, run: () => openDialog('palette', {}) },
    { id: 'new', title: 'New postmortem', group, keys: ['N'], icon: 'plus', words: 'create start incident', when: () => may('postmortem_new'), run: () => openDialog('new', {}) },
    { id: 'go.postmortems', title: 'Go to postmortems', group, keys: ['G P'], icon: 'doc', words: 'list incidents home', run: () => go({ name: 'postmortems' }) },
    { id: 'go.actions', title: 'Go to action items', group, keys: ['G A'], icon: 'checks', words: 'tasks todo follow-up', run: () => go({ name: 'actions' }) },
    { id: 'go.summary', title: 'Go to the summary', group, keys: ['G S'], icon: 'summary', words: 'report company executives export', run: () => go({ name: 'summary' }) },
    { id: 'published', title: 'Show published copies', group, icon: 'history', words: 'summary post customers frozen out of date', run: () => openDialog('published', {}) },
    { id: 'go.templates', title: 'Go to templates', group, keys: ['G T'], icon: 'template', run: () => go({ name: 'templates' }) },
    { id: 'go.settings', title: 'Go to settings', group, keys: ['G E'], icon: 'settings', words: 'preferences people services workspace', run: () => go({ name: 'settings' }) },
    { id: 'go.trash', title: 'Go to the trash', group, icon: 'trash', words: 'deleted restore', when: () => may('postmortem_restore'), run: () => go({ name: 'trash' }) },
    { id: 'import', title: 'Import a postmortem', group, icon: 'export', words: 'open file markdown json', when: () => may('import'), run: () => openDialog('import', {}) },
    { id: 'example', title: 'Open the example', group, icon: 'play', words: 'demo login outage', when: () => may('demo_new'), run: openExample },
    { id: 'example.year', title: 'Open the example year', group, icon: 'play', words: 'demo sample incidents summary', when: () => may('demo_new'), run: openExampleYear },
    {
      id: 'theme', title: 'Change the theme', group, icon: 'sun', words: 'dark light mode appearance',
      run: () => {
        setPref('theme', nextTheme());
        toast(`Theme: ${themeNames[prefs().theme]}`);
      },
    },
    { id: 'keys', title: 'Show all keys', group, keys: ['?'], icon: 'keyboard', words: 'shortcuts help', run: () => openDialog('keys', {}) },
    { id: 'audit', title: 'Show the audit log', group, icon: 'shield', words: 'access changes security who', when: () => account() !== null && may('audit_list'), run: () => openDialog('audit', {}) },
    { id: 'sign-out', title: 'Sign out', group, icon: 'left', words: 'account leave log out', when: () => account() !== null, run: () => (team() === null ? signOutHere() : openDialog('away', {})) },
    { id: 'undo', title: 'Undo', group, keys: ['Mod+Z'], icon: 'undo', quiet: true, when: () => currentToast()?.undo !== undefined, run: undoToast },
    { id: 'undo.toast', title: 'Undo what the message says', group, keys: ['Z'], quiet: true, overDialogs: true, when: () => currentToast()?.undo !== undefined, run: undoToast },
    { id: 'back', title: 'Back', group, keys: ['Escape'], quiet: true, when: () => !['postmortems', 'welcome'].includes(route().name), run: up },
    ...(backend.switchWorkspace === undefined
      ? []
      : [
          { id: 'workspace', title: 'Open another workspace', group, icon: 'folder' as const, words: 'file database', run: () => switchWorkspace(false) },
          { id: 'team', title: 'Open a team’s workspace', group, icon: 'people' as const, words: 'server served invitation account sign in replica offline', when: () => !isAway(), run: openTeam },
          { id: 'team.away', title: 'Show what waits for the team’s workspace', group, icon: 'sync' as const, words: 'offline away replica sign out connection', when: () => team() !== null, run: () => openDialog('away', {}) },
          { id: 'team.home', title: 'Go back to this computer’s own workspace', group, icon: 'laptop' as const, words: 'local file home leave team', when: () => team() !== null, run: goHome },
          { id: 'join', title: 'Join a review', group, icon: 'laptop' as const, words: 'meeting link guest room remote', run: joinReview },
          { id: 'leave', title: 'Leave the review', group, icon: 'left' as const, words: 'meeting guest room back workspace', when: isAway, run: leaveReview },
          { id: 'workspace.named', title: 'Open the workspace that was named', group, quiet: true, run: () => switchWorkspace(true) },
        ]),
  ];
  register(guest ? commands.filter(({ id }) => FOR_GUESTS.includes(id)) : commands);
}

/** Asks for the link of a review on another computer, once what is written here is saved. */
async function joinReview(): Promise<void> {
  // What a review on another computer has not got yet is kept here, also while one looks for it under a new link.
  if (isAway() || (await mayLeave({ title: 'Join before everything is saved?', lose: 'Join and lose them' }))) openDialog('join', {});
}

/** Asks for the invitation to a team's workspace, once what is written here is saved. */
async function openTeam(): Promise<void> {
  if (await mayLeave({ title: 'Open another workspace before everything is saved?', lose: 'Open it and lose them' })) openDialog('team', {});
}

async function goHome(): Promise<void> {
  if (!(await mayLeave({ title: 'Open another workspace before everything is saved?', lose: 'Open it and lose them' }))) return;
  try {
    await backend.showTeam?.(null, agreedToLose());
  } catch (error) {
    stayed();
    toast(sentence(error), { attend: true });
  }
}

/** Goes back from the review on another computer to this computer's workspace. */
export async function leaveReview(): Promise<void> {
  if (!(await mayLeave({ title: 'Leave before everything is sent?', lose: 'Leave all the same' }))) return;
  try {
    await backend.leaveRoom?.();
  } catch (error) {
    stayed();
    toast(sentence(error), { attend: true });
  }
}

async function switchWorkspace(named: boolean): Promise<void> {
  if (!(await mayLeave({ title: 'Open another workspace before everything is saved?', lose: 'Open it and lose them' }))) return;
  try {
    if ((await backend.switchWorkspace?.(named, agreedToLose())) !== true) stayed();
  } catch (error) {
    stayed();
    toast(sentence(error), { attend: true });
  }
}
