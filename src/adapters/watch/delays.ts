/**
 * Milliseconds after the last hint at which the branch is read again. chokidar is deaf for some 20 ms after an event,
 * and takes up to 100 ms to watch a folder that was removed and made anew.
 */
export const rereadDelays: readonly number[] = [5, 30, 150, 600];
