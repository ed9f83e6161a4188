import { instancesOf, type Instance, type Status } from './status.js';

/** Tells once what became healthy and what is gone, from one look at the status to the next. */
export class Steps {
  readonly #known = new Map<string, { readonly instance: Instance; readonly told: boolean }>();
  #from = performance.now();

  /** From now on times count from here. */
  startClock(): void {
    this.#from = performance.now();
  }

  get elapsedMs(): number {
    return performance.now() - this.#from;
  }

  /** One line for all instances of one version to which the same happened since the last look. */
  since(status: Status): string[] {
    const now = instancesOf(status);
    return [...lines(this.#gone(now), 'drained and stopped'), ...lines(this.#news(now), 'healthy')];
  }

  /** An instance that is killed and comes back is told of again. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  #gone(now: readonly Instance[]): Instance[] {
    const ids = new Set(now.map(({ id }) => id));
    const gone = [...this.#known].filter(([id]) => !ids.has(id));
    for (const [id] of gone) this.#known.delete(id);
    return gone.flatMap(([, { instance, told }]) => (told ? [instance] : []));
  }

  #news(now: readonly Instance[]): Instance[] {
    return now.filter((instance) => {
      const told = this.#known.get(instance.id)?.told ?? false;
      this.#known.set(instance.id, { instance, told: told || instance.healthy });
      return !told && instance.healthy;
    });
  }
}

/** `api 1.0.0 #0 #1 #2 healthy`. */
function lines(instances: readonly Instance[], what: string): string[] {
  const ordinals = new Map<string, string[]>();
  for (const { element, version, id } of instances) {
    const name = `${element} ${version}`;
    ordinals.set(name, [...(ordinals.get(name) ?? []), `#${id.slice(id.lastIndexOf('/') + 1)}`]);
  }
  return [...ordinals].map(([name, numbers]) => `${name} ${numbers.join(' ')} ${what}`);
}
