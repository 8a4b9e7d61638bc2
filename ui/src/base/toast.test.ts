import { render, screen } from '@testing-library/svelte';
import { createRawSnippet, tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import { dismissToast, toast } from '../state/toasts.svelte';
import Dialog from './Dialog.svelte';
import Toast from './Toast.svelte';

test('a message can be reached while a dialog is open, and stays when it closes', async () => {
  const undo = vi.fn();
  const { unmount: away } = render(Toast);
  const { unmount } = render(Dialog, { title: 'Keys', onclose: () => undefined, children: createRawSnippet(() => ({ render: () => '<p>Words</p>' })) });
  toast('Moved', { undo });
  await tick();
  expect(screen.getByText('Moved').closest('dialog'), 'what is beside a modal dialog can be neither pressed nor read').not.toBeNull();
  unmount();
  await tick();
  expect(screen.getByText('Moved').closest('dialog')).toBeNull();
  screen.getByRole('button', { name: /Undo/ }).click();
  expect(undo).toHaveBeenCalledOnce();
  away();
  expect(document.querySelector('.toasts')).toBeNull();
  dismissToast();
});

test('a message goes although the one before was removed with the focus on it', async () => {
  vi.useFakeTimers();
  render(Toast);
  toast('First');
  await tick();
  screen.getByText('First').dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  toast('Second');
  await tick();
  await vi.advanceTimersByTimeAsync(7000);
  expect(screen.queryByText('Second')).toBeNull();
  vi.useRealTimers();
});
