import { instancesOf, label, type Instance, type Status } from './status.js';

/** Tells once what became healthy and what is gone, from one look at the status to the next. */
export class Steps {
  readonly #known = new Map<string, { readonly instance: Instance; readonly told: boolean }>();

  /** One line for each thing that happened since the last look. */
  since(status: Status): string[] {
    const now = instancesOf(status);
    return [...this.#gone(now), ...now.flatMap((instance) => this.#news(instance))];
  }

  /** An instance that is killed and comes back is told of again. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  #gone(now: readonly Instance[]): string[] {
    const ids = new Set(now.map(({ id }) => id));
    const lines: string[] = [];
    for (const [id, { instance, told }] of this.#known) {
      if (ids.has(id)) continue;
      this.#known.delete(id);
      if (told) lines.push(`${label(instance)} drained, stopped and gone`);
    }
    return lines;
  }

  #news(instance: Instance): string[] {
    const told = this.#known.get(instance.id)?.told ?? false;
    this.#known.set(instance.id, { instance, told: told || instance.healthy });
    if (told || !instance.healthy) return [];
    return [`${label(instance)} healthy${instance.resource === null ? '' : ` (${instance.resource})`}`];
  }
}
