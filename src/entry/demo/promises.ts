/** Something that the demo says will happen did not: the demo ends with it, and with exit code 1. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** Ctrl-C, or the end of the terminal: not an error, only the end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** @throws {BrokenPromise} where `holds` is not so. */
export function mustHold(holds: boolean, broken: string): void {
  if (!holds) throw new BrokenPromise(broken);
}
