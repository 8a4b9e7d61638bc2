import '@fontsource-variable/inter/opsz.css';
import './styles/tokens.css';
import './styles/components.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyTheme } from './state/prefs.svelte';

applyTheme();

document.getElementById('skip')?.addEventListener('click', (event) => {
  // The hash belongs to the router, so the skip link moves the focus itself.
  event.preventDefault();
  document.getElementById('main')?.focus();
});

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with the id “app”.');
mount(App, { target });
