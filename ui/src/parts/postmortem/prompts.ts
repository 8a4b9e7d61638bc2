/** The prompts of a template's sections: shown in grey while a section is empty, never stored in the document. */
import type { Backend } from '@ui/backend';

const known = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** Prompts by section id; empty for a template that is gone or broken. */
export function sectionPrompts(backend: Pick<Backend, 'call'>, template: string): Promise<ReadonlyMap<string, string>> {
  if (template === '') return Promise.resolve(new Map());
  let prompts = known.get(template);
  if (!prompts) {
    prompts = load(backend, template);
    known.set(template, prompts);
  }
  return prompts;
}

async function load(backend: Pick<Backend, 'call'>, template: string): Promise<ReadonlyMap<string, string>> {
  try {
    const source = await backend.call('template_get', { id: template });
    const checked = await backend.call('template_check', source);
    return new Map((checked.template?.sections ?? []).map((section) => [section.id, section.prompt]));
  } catch {
    // A prompt is a help; a document reads well without it. The next visit asks again.
    known.delete(template);
    return new Map();
  }
}
