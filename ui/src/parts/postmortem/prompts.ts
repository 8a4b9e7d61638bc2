/** What a postmortem's template is called, and the prompts of its sections: shown in grey while a section is empty, never stored in the document. */
import type { Backend } from '@ui/backend';

/** What the screen needs of a template. */
export interface TemplateHelp {
  /** Its name; empty for a template that is gone or broken. */
  name: string;
  /** Prompts by section id. */
  prompts: ReadonlyMap<string, string>;
}

const NOTHING: TemplateHelp = { name: '', prompts: new Map() };
const known = new Map<string, Promise<TemplateHelp>>();

/** The name and the prompts of a template; nothing for one that is gone or broken. */
export function templateHelp(backend: Pick<Backend, 'call'>, template: string): Promise<TemplateHelp> {
  if (template === '') return Promise.resolve(NOTHING);
  let help = known.get(template);
  if (!help) {
    help = load(backend, template);
    known.set(template, help);
  }
  return help;
}

async function load(backend: Pick<Backend, 'call'>, template: string): Promise<TemplateHelp> {
  try {
    const source = await backend.call('template_get', { id: template });
    const checked = await backend.call('template_check', source);
    return { name: checked.template?.name ?? '', prompts: new Map((checked.template?.sections ?? []).map((section) => [section.id, section.prompt])) };
  } catch {
    // A prompt is a help; a document reads well without it. The next visit asks again.
    known.delete(template);
    return NOTHING;
  }
}
