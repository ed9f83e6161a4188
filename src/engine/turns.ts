/** Works on one thing one after the other, in the order in which they came; works on different things at once. */
export class Turns {
  /** The last work on each thing that has not ended. */
  private readonly last = new Map<string, Promise<void>>();

  /** Settles when the work has ended; how it ended is no matter of the next one. */
  take(thing: string, work: () => Promise<void>): Promise<void> {
    const before = this.last.get(thing) ?? Promise.resolve();
    const turn = before.then(work).catch(() => undefined);
    this.last.set(thing, turn);
    return turn.finally(() => {
      if (this.last.get(thing) === turn) this.last.delete(thing);
    });
  }
}
