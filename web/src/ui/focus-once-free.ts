/**
 * Focuses the element in a while, unless something else has the focus by then: react-aria gives it back to where a dialog had it from in
 * the frame after the dialog has gone. @returns what ends that
 */
export function focusOnceFree(find: () => HTMLElement | null | undefined): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => {
      const { activeElement } = document;
      if (activeElement === null || activeElement === document.body) find()?.focus({ preventScroll: true });
    });
  });
  return () => cancelAnimationFrame(frame);
}
