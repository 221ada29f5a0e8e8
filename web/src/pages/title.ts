/** Characters. */
export const MAX_TITLE = 200;
