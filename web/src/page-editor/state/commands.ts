import { AtriumError, type Component, type Fragment, type Page, type PatchOperation, type Readable, type Value } from '@atrium/client';
import i18next from 'i18next';
import { componentName } from '../components/component-name.js';
import { type Addable, COMPONENT_TYPES, mayHaveChildren } from '../components/component-types.js';
import { textOf } from '../components/props.js';
import type { TextChange } from '../text/use-shared-text.js';
import { fromClipboardText, toClipboardText } from './clipboard.js';
import { canMove, movePatches, outermost, type Place, propsPatches } from './move-patches.js';
import type { Outline } from './outline.js';
import type { Selection } from './selection.js';
import { type Step, stepPlace } from './step-place.js';

export interface CommandEvents {
  /** For those who cannot see it. */
  readonly announce: (text: string) => void;
  /** It could not be done, and nothing has changed. */
  readonly failed: (error: unknown) => void;
}

/** What one can do with the page and what is selected on it; each at once, each one step of undo. Nothing of it throws. */
export class Commands {
  constructor(
    private readonly page: Page,
    private readonly selection: Selection,
    private readonly outline: Outline,
    /** The component whose text is being written on the canvas. */
    private readonly writing: Value<string | null>,
    /** Null while the present is shown. */
    private readonly past: Readable<unknown>,
    private readonly events: CommandEvents,
  ) {}

  get canEdit(): boolean {
    return this.mayEdit && this.isWhole && this.past.get() === null;
  }

  private get mayEdit(): boolean {
    const state = this.page.state.get();
    return state !== null && state.role !== 'viewer';
  }

  /** Not damaged. */
  private get isWhole(): boolean {
    return this.page.state.get()?.brokenAt === undefined;
  }

  /** A new component: there, or into what is selected, or behind it. What has a text begins with writing it. */
  add(type: Addable, place?: Place): void {
    this.attempt(() => {
      const { parent, index } = place ?? this.placeForNew();
      const { t } = i18next;
      const name = t(`editor.type.${type}`);
      const props = COMPONENT_TYPES[type].props((text, count) => t(`editor.start.${text}`, { count }));
      const id = this.page.add(parent, { name, type, props, children: [] }, index);
      this.select([String(id)]);
      if (COMPONENT_TYPES[type].written) this.writing.set(String(id));
      this.events.announce(t('editor.said.added', { name }));
    });
  }

  moveTo(ids: Iterable<string>, place: Place): void {
    this.attempt(() => {
      const { tree } = this.page;
      if (!canMove(tree, ids, place)) return;
      const patches = movePatches(tree, outermost(tree, ids), place);
      if (patches.length === 0) return;
      void this.page.edit(patches).catch(() => undefined);
      this.outline.reveal([...ids].at(-1)!);
      this.events.announce(i18next.t('editor.said.moved', { name: this.nameOf(ids), parent: componentName(i18next.t, tree.component(place.parent)) }));
    });
  }

  /** By the keyboard: what is selected, as far as its first one goes. */
  step(direction: Step): void {
    this.attempt(() => {
      const { tree } = this.page;
      const ids = outermost(tree, this.selection.ids.get());
      const place = ids.length > 0 && stepPlace(tree, ids, direction);
      if (place) this.moveTo(ids, place);
      else this.events.announce(i18next.t('editor.said.notFurther'));
    });
  }

  remove(): void {
    this.attempt(() => {
      const { tree } = this.page;
      const ids = outermost(tree, this.selection.ids.get());
      if (ids.length === 0) return;
      const name = this.nameOf(ids);
      const next = this.besides(ids);
      this.page.remove(...ids);
      this.select(next === undefined ? [] : [next]);
      this.events.announce(i18next.t('editor.said.removed', { name }));
    });
  }

  duplicate(): void {
    this.attempt(() => {
      const ids = outermost(this.page.tree, this.selection.ids.get());
      if (ids.length === 0) return;
      const name = this.nameOf(ids);
      this.select(this.page.duplicate(...ids).map(String));
      this.events.announce(i18next.t('editor.said.duplicated', { name }));
    });
  }

  /** What is selected, for the clipboard; null for nothing. */
  copy(): string | null {
    const ids = this.past.get() === null ? outermost(this.page.tree, this.selection.ids.get()) : [];
    if (ids.length === 0) return null;
    this.events.announce(i18next.t('editor.said.copied', { name: this.nameOf(ids) }));
    return toClipboardText(this.page.copy(...ids));
  }

  /** @returns false where it is a text, and no component */
  paste(text: string): boolean {
    const fragment = fromClipboardText(text);
    if (!fragment) return false;
    this.attempt(() => this.put(fragment));
    return true;
  }

  /** Sets what is chosen as a whole, and not written: of two people who choose, the last one wins. */
  setProp(ids: readonly string[], prop: string, value: unknown): void {
    this.attempt(() => this.setProps(ids, prop, value, { whole: true }));
  }

  /** Writes a text of one component, or the same text of several. */
  writeText(ids: readonly string[], prop: string, change: TextChange): void {
    this.attempt(() => {
      const texts = ids.map((id) => textOf(this.page.tree.component(id)?.props, prop));
      // Of several that say different things, none is the one that was written on.
      this.setProps(ids, prop, change(texts.every((text) => text === texts[0]) ? texts[0] : undefined), { whole: false });
    });
  }

  private setProps(ids: readonly string[], prop: string, value: unknown, { whole }: { whole: boolean }): void {
    if (ids.length === 1) return this.page.setProps(ids[0]!, { [prop]: value }, { whole });
    void this.page.edit(propsPatches(this.page.tree, ids, prop, value, whole), { coalesce: `props ${prop} ${ids.join()}` }).catch(() => undefined);
  }

  rename(id: string, change: TextChange): void {
    this.attempt(() => this.page.rename(id, change(this.page.tree.component(id)?.name ?? '')));
  }

  /** Changes the props of a component by patches that are made of them as they are. What has the same `coalesce` is undone at once. */
  patchProps(id: string, make: (props: Component['props']) => readonly PatchOperation[], coalesce?: string): void {
    this.attempt(() => {
      const component = this.page.tree.component(id);
      if (component) void this.page.edit(make(component.props), coalesce === undefined ? {} : { coalesce: `${coalesce} ${id}` }).catch(() => undefined);
    });
  }

  reverse(direction: 'undo' | 'redo'): void {
    this.attempt(() => {
      if (this.page[direction]()) this.events.announce(i18next.t(`editor.said.${direction}`));
    });
  }

  selectParent(): void {
    const { lead } = this.selection;
    const parent = lead === undefined ? undefined : this.page.tree.parentOf(lead);
    this.selection.set(...(parent === undefined ? [] : [parent]));
  }

  select(ids: readonly string[]): void {
    for (const id of ids) this.outline.reveal(id);
    this.selection.set(...ids);
  }

  /** Whether components may be put into it. */
  mayContain(id: string): boolean {
    const { tree } = this.page;
    return id === String(tree.schema.rootId) || mayHaveChildren(tree.component(id));
  }

  private put(fragment: Fragment): void {
    const { parent, index } = this.placeForNew();
    const ids = this.page.paste(parent, fragment, index).map(String);
    this.select(ids);
    this.events.announce(i18next.t('editor.said.pasted', { name: this.nameOf(ids) }));
  }

  private placeForNew(): Place {
    const { tree } = this.page;
    const root = String(tree.schema.rootId);
    const { lead } = this.selection;
    const place = lead === undefined ? undefined : tree.placeOf(lead);
    if (lead !== undefined && tree.component(lead) && this.mayContain(lead)) return { parent: lead, index: tree.childrenOf(lead).length };
    return place ? { parent: place.parent, index: place.index + 1 } : { parent: root, index: tree.childrenOf(root).length };
  }

  /** What is selected when these are gone: the next one, the one before, or what they were in. */
  private besides(ids: readonly string[]): string | undefined {
    const { tree } = this.page;
    const place = tree.placeOf(ids.at(-1)!);
    if (!place) return undefined;
    const siblings = tree.childrenOf(place.parent).map(String);
    const isLeft = (id: string): boolean => !ids.includes(id);
    return siblings.slice(place.index).find(isLeft) ?? siblings.slice(0, place.index).findLast(isLeft) ?? place.parent;
  }

  private nameOf(ids: Iterable<string>): string {
    const all = [...ids];
    return all.length === 1 ? componentName(i18next.t, this.page.tree.component(all[0]!)) : i18next.t('editor.components', { count: all.length });
  }

  private attempt(action: () => void): void {
    if (!this.mayEdit) return this.events.failed(new AtriumError('PERMISSION_DENIED', 'Viewers look'));
    if (!this.canEdit) return this.events.announce(i18next.t(this.isWhole ? 'editor.history.isPast' : 'editor.damaged'));
    try {
      action();
    } catch (error) {
      this.events.failed(error);
    }
  }
}
