import '@fontsource-variable/inter/opsz.css';
import './styles/tokens.css';
import './styles/components.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { listWasAskedFor } from './backend/first';
import { postmortems } from './state/postmortems.svelte';
import { applyTheme } from './state/prefs.svelte';
import { replace } from './state/router.svelte';
import { loadSession, session } from './state/session.svelte';

applyTheme();

document.getElementById('skip')?.addEventListener('click', (event) => {
  // The hash belongs to the router, so the skip link moves the focus itself.
  event.preventDefault();
  document.getElementById('main')?.focus();
});

/** How long the first picture waits for what it shows. In milliseconds. */
const SOON = 50;

async function start(target: HTMLElement) {
  if (listWasAskedFor()) {
    // The answers are mostly here by now: then the list is drawn once, with its rows.
    const answers = Promise.all([postmortems.reload(), loadSession()]).catch(() => undefined);
    await Promise.race([answers, new Promise((resolve) => setTimeout(resolve, SOON))]);
    if (session()?.first_run === true) replace({ name: 'welcome' });
  }
  mount(App, { target });
}

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with the id “app”.');
void start(target);
