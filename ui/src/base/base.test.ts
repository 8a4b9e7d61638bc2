import { render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import Dialog from './Dialog.svelte';
import Listbox from './Listbox.svelte';
import PhaseBarMini from './PhaseBarMini.svelte';
import SeverityGlyph from './SeverityGlyph.svelte';
import Tabs from './Tabs.svelte';

const press = (target: Element, key: string) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

describe('a dialog', () => {
  it('takes the focus and gives it back', async () => {
    const before = document.createElement('button');
    document.body.append(before);
    before.focus();
    const onclose = vi.fn();
    const children = createRawSnippet(() => ({ render: () => '<p><input aria-label="Name"></p>' }));
    const { unmount } = render(Dialog, { title: 'New thing', onclose, children });
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    press(screen.getByLabelText('Name'), 'Escape');
    expect(onclose).toHaveBeenCalledOnce();
    unmount();
    expect(document.activeElement).toBe(before);
  });
});

it('leaves Enter and Escape to what composes characters', async () => {
  const onclose = vi.fn();
  const onchoose = vi.fn();
  const compose = (target: Element, key: string) => target.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }));
  render(Listbox, { label: 'Owner', filter: 'Find', options: [{ value: 'g', label: 'Greg' }], onchoose });
  render(Dialog, { title: 'New thing', onclose, children: createRawSnippet(() => ({ render: () => '<p><input aria-label="Name"></p>' })) });
  compose(screen.getByLabelText('Find'), 'Enter');
  compose(screen.getByLabelText('Name'), 'Escape');
  expect(onchoose).not.toHaveBeenCalled();
  expect(onclose).not.toHaveBeenCalled();
});

describe('a list to choose from', () => {
  const options = ['Greg', 'Gary', 'Debby'].map((label) => ({ value: label.toLowerCase(), label }));

  it('is moved through by arrows and chosen from by Enter and numbers', async () => {
    const onchoose = vi.fn();
    render(Listbox, { label: 'Owner', options, numbers: true, onchoose });
    const list = screen.getByRole('listbox');
    await vi.waitFor(() => expect(document.activeElement).toBe(list));
    press(list, 'ArrowDown');
    press(list, 'Enter');
    press(list, '3');
    expect(onchoose.mock.calls.flat()).toEqual(['gary', 'debby']);
  });

  it('is narrowed by typing', async () => {
    const onchoose = vi.fn();
    render(Listbox, { label: 'Owner', options, filter: 'Find a person', onchoose });
    const field = screen.getByRole<HTMLInputElement>('combobox');
    field.value = 'deb';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await vi.waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
    press(field, 'Enter');
    expect(onchoose).toHaveBeenCalledWith('debby');
  });
});

describe('marks', () => {
  it('say in words what they show', () => {
    render(SeverityGlyph, { severity: 'SEV2', bare: true });
    expect(screen.getByText('SEV2')).toBeTruthy();
    render(PhaseBarMini, { detection: 300, response: 360, remediation: null });
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe('Detection 5 min, response 6 min');
  });
});

describe('tabs', () => {
  it('are moved between by arrows', () => {
    const onchange = vi.fn();
    render(Tabs, { label: 'Status', tabs: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B', count: 2 }], value: 'a', onchange });
    press(screen.getByRole('tablist'), 'ArrowRight');
    expect(onchange).toHaveBeenCalledWith('b');
  });
});
