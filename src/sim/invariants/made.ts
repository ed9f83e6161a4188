import type { ElementKey, InstanceId } from '../../core/base/names.js';
import { splitInstanceId } from '../../core/base/names.js';
import type { Resource, Technology } from '../technology.js';
import type { Mutation } from '../watcher.js';

type State = Resource['state'];

/** What our own effects have made of each instance, to tell it from what others did to it since. */
export class Made {
  private readonly states = new Map<string, State | null>();
  private readonly elements = new Map<ElementKey, Set<string>>();
  private readonly makers = new Map<string, number>();
  private readonly misreads = new Set<string>();
  /** Who has looked at it since our last effect on it landed. */
  private readonly looks = new Map<string, Set<number>>();

  constructor(private readonly technology: Technology) {}

  landed({ by, key, owner }: Mutation): void {
    if (owner === null) return;
    this.makers.set(key, by.number);
    this.states.set(key, this.truth(key));
    this.misreads.delete(key);
    this.looks.delete(key);
    const element = splitInstanceId(key)?.element;
    if (element !== undefined) this.elements.set(element, (this.elements.get(element) ?? new Set()).add(key));
  }

  /** What was shown of it was not true any more. */
  misread(key: string): void {
    this.misreads.add(key);
  }

  looked(life: number, key: string): void {
    this.looks.set(key, (this.looks.get(key) ?? new Set()).add(life));
  }

  /** What a former life had sent may land at any time: another one knows of it once it has looked. */
  isKnownTo(life: number, key: string): boolean {
    return this.makers.get(key) === life || this.looks.get(key)?.has(life) === true;
  }

  /** Null: not there; undefined: nothing of ours was ever done to it. */
  stateOf(key: string): State | null | undefined {
    return this.states.get(key);
  }

  /** What this incarnation has made of an element and not taken away. */
  livingOf(element: ElementKey, maker: number): string[] {
    const made = [...(this.elements.get(element) ?? [])];
    return made.filter((id) => this.states.get(id) != null && this.makers.get(id) === maker);
  }

  /** Others have changed it since, or what its controller was shown of it was old. */
  isDisturbed(key: string): boolean {
    return this.misreads.has(key) || this.states.get(key) !== this.truth(key);
  }

  private truth(key: string): State | null {
    return this.technology.resources.get(key as InstanceId)?.state ?? null;
  }
}
