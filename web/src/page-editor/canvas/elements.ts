/** A rectangle, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The elements of the canvas, by component. */
export class Elements {
  private readonly byId = new Map<string, HTMLElement>();

  put(id: string, element: HTMLElement): () => void {
    this.byId.set(id, element);
    return () => {
      if (this.byId.get(id) === element) this.byId.delete(id);
    };
  }

  get(id: string): HTMLElement | undefined {
    return this.byId.get(id);
  }

  /** In the window. */
  boxOf(id: string): Box | undefined {
    return this.byId.get(id)?.getBoundingClientRect();
  }
}

/** The component that an element is part of. */
export function componentIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-component]')?.dataset['component'] : undefined;
}
