import type { Exported } from '@bindings';
import { backend } from '../../backend';

/** Has the browser keep an export among its downloads. The sentence that says so, or nothing when the person thought better of it. */
export async function download({ file_name, mime, text, base64 }: Exported): Promise<string> {
  const name = base64 === null ? await backend.saveText(file_name, mime, text) : await backend.saveBytes?.(file_name, mime, bytesOf(base64));
  return name === null || name === undefined ? '' : `Downloaded as ${name}. Your browser keeps it among its downloads.`;
}

/** The bytes that a Base64 text stands for. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
