/** Secrets by name, from the operator's configuration. Values stay in memory, around one provider call. */
export interface Secrets {
  /** `missing`: no such secret, or its source is empty. `forbidden`: not for this element. */
  check(name: string, element: string): 'ok' | 'missing' | 'forbidden';
  /** Null where `check` is not `ok`. */
  value(name: string, element: string): string | null;
}
