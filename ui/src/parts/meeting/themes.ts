/** Findings that belong together: those of one theme stand below each other, under its name. */
import type { Row } from '@ui/doc/document.svelte';

/** A line of the list: the name of a theme, or a finding. */
export type Line = { theme: string; row: null } | { theme: string; row: Row<'findings'> };

/** The theme of a finding, without spaces around it. */
export function themeOf(row: Row<'findings'>): string {
  return row.data.theme.trim();
}

/** The themes that are in use, in the order in which they first come; the first spelling counts. */
export function themesOf(rows: readonly Row<'findings'>[]): string[] {
  const found = new Map<string, string>();
  for (const row of rows) {
    const theme = themeOf(row);
    const key = theme.toLocaleLowerCase();
    if (theme !== '' && !found.has(key)) found.set(key, theme);
  }
  return [...found.values()];
}

/**
 * The lines of the list. Without any theme they are the findings as they are; else each theme has its name above its
 * findings, and those without one stand at the end, where new ones arrive, under an empty name.
 */
export function linesOf(rows: readonly Row<'findings'>[]): Line[] {
  const themes = themesOf(rows);
  if (themes.length === 0) return rows.map((row) => ({ theme: '', row }));
  return [...themes, ''].flatMap((theme) => {
    const own = rows.filter((row) => themeOf(row).toLocaleLowerCase() === theme.toLocaleLowerCase());
    return own.length === 0 ? [] : [{ theme, row: null }, ...own.map((row) => ({ theme, row }))];
  });
}
