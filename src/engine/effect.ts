import type { ClusterDefinition, Transition } from '../core/base/desired.js';
import { listenerOf } from '../core/base/names.js';
import type { DomainName } from '../core/base/names.js';
import type { Entry } from '../core/journal/entry.js';
import { solutionOf } from '../core/journal/entry.js';
import type { JournalRecord } from '../core/journal/record.js';

/** What an entry says is about to be done to the world, for people; null: nothing. */
export function begunBy({ stream, entry }: JournalRecord, domain: DomainName): string | null {
  const begun = entry as Entry;
  const listener = (of: { readonly element: string; readonly binding: string }): string =>
    `${domain}/${solutionOf(stream)}/${of.element}#${of.binding}`;
  switch (begun.kind) {
    case 'operation.begun':
      return `${begun.transition} ${begun.instance}`;
    case 'orphan.begun':
      return `destroy ${begun.instance}`;
    case 'route.begun':
      return `route ${listener(begun)}`;
    case 'listener.gone':
      return `unroute ${listener(begun)}`;
    case 'orphan.unrouted':
      return `unroute ${domain}/${listenerOf(begun.key)}`;
    default:
      return null;
  }
}

/** In milliseconds. */
export function timeoutOf(definition: ClusterDefinition, transition: Transition): number {
  const { timeouts } = definition;
  switch (transition) {
    case 'create':
      return timeouts.createMs;
    case 'configure':
    case 'reconfigure':
      return timeouts.configureMs;
    case 'start':
      return timeouts.startMs;
    case 'stop':
      return timeouts.stopMs;
    case 'destroy':
    case 'reset':
      return timeouts.destroyMs;
  }
}
