/** One thing that Heliostat needs, or is better with. */
export interface Check {
  readonly name: string;
  /** `missing`: something will not work. `warn`: it works, less well. */
  readonly state: 'ok' | 'warn' | 'missing';
  readonly detail: string;
  /** What mends it. */
  readonly command: string | null;
}

export function ok(name: string, detail: string): Check {
  return { name, state: 'ok', detail, command: null };
}

export function warn(name: string, detail: string, command: string | null): Check {
  return { name, state: 'warn', detail, command };
}

export function missing(name: string, detail: string, command: string): Check {
  return { name, state: 'missing', detail, command };
}
