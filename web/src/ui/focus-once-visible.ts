/** A virtual list hides a new row until it is measured, which takes a few frames; more would take the focus from where somebody has put it since. */
const MAX_FRAMES = 30;

/** Focuses the element as soon as it can be: what is hidden takes no focus. @returns what ends the attempts */
export function focusOnceVisible(find: () => HTMLElement | null): () => void {
  let frame = 0;
  const attempt = (framesLeft: number): void => {
    const element = find();
    element?.focus({ preventScroll: true });
    if (document.activeElement !== element && framesLeft > 0) frame = requestAnimationFrame(() => attempt(framesLeft - 1));
  };
  attempt(MAX_FRAMES);
  return () => cancelAnimationFrame(frame);
}
