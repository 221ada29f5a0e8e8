/** In pixels: for a mouse, and for a finger. */
export const ROW_HEIGHT = matchMedia('(pointer: coarse)').matches ? 44 : 30;
