import type { DomainName } from '../base/names.js';
import type { Draft } from './draft.js';
import type { Facts } from './facts.js';
import type { Mode } from './mode.js';
import type { Tally } from './tally.js';
import type { ElementView } from './view.js';

/** Everything that one decision about one element is made from, and what it gathers. */
export interface Scene {
  readonly domain: DomainName;
  readonly view: ElementView;
  readonly tally: Tally;
  readonly facts: Facts;
  readonly mode: Mode;
  readonly draft: Draft;
}
