import type { ActionRow, ActionSet } from '@bindings';
import { backend, sentence } from '../../backend';
import { cut } from '../../base/cut';
import { count } from '../../format';
import { toast, undoToast } from '../../state/toasts.svelte';
import { rowKey } from './groups';
import { givenTo, openItemsOf } from './reassign';
import { Steps } from './steps';
import type { Went } from './steps';

/** Fields of an action item to change. */
export type Change = Omit<ActionSet, 'doc' | 'id'>;

/** What changes ask of the list that they are made in. */
interface List {
  /** Shows a row as it is now. */
  put: (row: ActionRow) => void;
  /** A row need not stay where it was any more. */
  leave: (key: string) => void;
  /** Rows may have moved: the keys follow. */
  settle: () => void;
}

/** Makes changes of action items, says how each went, and takes them back. */
export class Changes {
  readonly #list: List;
  readonly #steps: Steps;

  constructor(list: List) {
    this.#list = list;
    this.#steps = new Steps(
      (change) => backend.call('action_set', change),
      (changed) => list.put(changed.row),
    );
  }

  /** Changes the same of several items, as one step. */
  async make(rows: readonly ActionRow[], set: Change, what: string): Promise<void> {
    const [first] = rows;
    const said = `${what}: ${rows.length === 1 && first !== undefined ? short(first) : count(rows.length, 'item')}`;
    const { step, refused } = await this.#steps.make(said, rows.map((row) => ({ doc: row.doc, id: row.id, ...set })));
    for (const { change } of refused) {
      this.#list.leave(rowKey(change));
      // The tick box has changed by itself and so may the row have; neither is so.
      const row = rows.find((each) => rowKey(each) === rowKey(change));
      if (row !== undefined) this.#list.put({ ...row });
    }
    this.#list.settle();
    this.#told({ step, refused }, said);
  }

  /** Makes changes that differ from item to item, as one step. */
  async makeEach(changes: readonly ActionSet[], what: string, said: string): Promise<void> {
    this.#told(await this.#steps.make(what, changes), said);
  }

  /** Gives all open items of a person to somebody else. */
  async giveAll(from: string, to: { id: string; name: string }): Promise<void> {
    try {
      const given = givenTo(await openItemsOf(from), to.id);
      if (given.length === 0) {
        toast('No open action item can be given away');
        return;
      }
      const said = `${to.name} takes ${count(given.length, 'item')}`;
      await this.makeEach(given, said, said);
    } catch (error) {
      toast(sentence(error), { attend: true });
    }
  }

  /** Takes back the latest change of this screen. */
  async undo(): Promise<void> {
    const went = await this.#steps.undo();
    // What was done on the screen before can be taken back as long as its message stands.
    if (went === null && !undoToast()) toast('Nothing to undo');
    this.#taken(went, 'Taken back');
  }

  /** Does again what was taken back last. */
  async redo(): Promise<void> {
    const went = await this.#steps.redo();
    if (went === null) toast('Nothing to redo');
    this.#taken(went, 'Done again');
  }

  #taken(went: Went | null, how: string): void {
    if (went === null) return;
    for (const change of went.step?.changes ?? []) this.#list.leave(rowKey(change));
    this.#list.settle();
    if (went.step !== null && went.refused.length === 0) toast(`${how}: ${went.step.what}`);
    else tell(went.refused);
  }

  #told({ step, refused }: Went, said: string): void {
    if (step !== null && refused.length === 0) toast(said, { undo: async () => this.#taken(await this.#steps.undo(step), 'Taken back') });
    else tell(refused);
  }
}

function tell(refused: Went['refused']): void {
  const [first] = refused;
  if (first === undefined) return;
  toast(refused.length === 1 ? sentence(first.why) : `${count(refused.length, 'item')} stayed as they were. ${sentence(first.why)}`, { attend: true });
}

function short(row: ActionRow): string {
  return row.text.length > 60 ? `${cut(row.text, 57)}…` : row.text;
}
