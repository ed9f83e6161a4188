/** What a call of the dead, or one whose answer is lost, waits for. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
