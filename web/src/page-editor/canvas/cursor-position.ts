/** Every canvas is this wide to a cursor, however wide it is on the screen. */
export const LOGICAL_WIDTH = 1000;

/** For who has something selected, and the pointer elsewhere. */
export const OFF_CANVAS = { x: -1000, y: -1000 } as const;

export const isOnCanvas = ({ x, y }: { x: number; y: number }): boolean => x >= 0 && x <= LOGICAL_WIDTH && y >= 0;
