/** Pictures that people paste, drop or choose. */
import type { Backend } from '@ui/backend';

/** Largest picture, in bytes. */
export const LARGEST_IMAGE = 10 * 1024 * 1024;
const KINDS = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** The first picture among files. */
export function imageIn(data: DataTransfer | null): File | null {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null;
}

/** The picture that was pasted, unless words came with it: a spreadsheet's cells bring a picture of themselves along. */
export function pastedImage(data: DataTransfer | null): File | null {
  return (data?.getData('text/plain') ?? '').trim() === '' ? imageIn(data) : null;
}

/** Stores a picture in the workspace and gives its hash; says in a sentence what cannot be stored. */
export async function storeImage(backend: Pick<Backend, 'putBlob'>, file: File): Promise<string> {
  if (!KINDS.includes(file.type)) throw new Error(`${file.name || 'This picture'} is not a PNG, JPEG, GIF or WebP picture. Nothing was added.`);
  if (file.size > LARGEST_IMAGE) {
    throw new Error(`${file.name || 'This picture'} has ${(file.size / 1024 / 1024).toFixed(1)} MB; 10 MB is the most. Nothing was added.`);
  }
  return backend.putBlob(file);
}
