import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [svelte()],
  resolve: {
    alias: {
      '@bindings': here('../src-tauri/crates/api/bindings/index.ts'),
      '@ui': here('./src'),
    },
    // Two copies of Yjs or of CodeMirror's state in one page do not know each other's objects.
    dedupe: ['yjs', 'lib0', 'y-protocols', '@codemirror/state', '@codemirror/view'],
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: {
    target: 'es2022',
    // The content security policy allows no data: URLs, so every asset stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What the first screen needs comes in one file: every further one is a trip of its own before anything is drawn.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
  },
  // A test reads the server's own table of roles.
  server: { port: 5173, strictPort: true, fs: { allow: [here('..')] } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['./src/test-setup.ts'],
    // A busy computer is no failure.
    testTimeout: 60_000,
  },
});
