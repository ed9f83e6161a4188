import type { InstanceId } from '../../core/base/names.js';
import type { Resource, Technology } from '../technology.js';
import type { Mutation } from '../watcher.js';

type State = Resource['state'];

/** What our own effects have made of each instance, to tell it from what others did to it since. */
export class Made {
  private readonly states = new Map<string, State | null>();
  private readonly misreads = new Set<string>();

  constructor(private readonly technology: Technology) {}

  landed({ key, owner }: Mutation): void {
    if (owner === null) return;
    this.states.set(key, this.truth(key));
    this.misreads.delete(key);
  }

  /** What was shown of it was not true any more. */
  misread(key: string): void {
    this.misreads.add(key);
  }

  /** Null: not there; undefined: nothing of ours was ever done to it. */
  stateOf(key: string): State | null | undefined {
    return this.states.get(key);
  }

  /** Others have changed it since, or what its controller was shown of it was old. */
  isDisturbed(key: string): boolean {
    return this.misreads.has(key) || this.states.get(key) !== this.truth(key);
  }

  private truth(key: string): State | null {
    return this.technology.resources.get(key as InstanceId)?.state ?? null;
  }
}
