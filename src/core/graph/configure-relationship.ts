import type { Template } from '../base/template.js';
import type { Filled } from '../model/substitute.js';
import { didYouMean } from '../model/suggest.js';
import { hasPath, keysOf, type Hole } from '../model/template.js';
import type { Related } from './relate.js';
import type { ReleaseBody } from './release.js';

interface Neighbourhood {
  readonly body: ReleaseBody;
  readonly related: Related;
}

/** Reports what is wrong with the reference, in two sentences: what, and how to mend it. */
type Wrong = (code: string, words: readonly [message: string, fix: string]) => null;

/** What `${relationships.NAME…}` stands for; NAME is that of the relationship or of its dependency. */
export function fillRelationship(
  hole: Hole & { of: 'relationships' },
  of: Neighbourhood,
  wrong: Wrong,
): Filled {
  const { body, related } = of;
  const { name, index, path } = hole;
  const dependency = body.dependencies.get(name);
  const ofDependency = related.relationships.filter((relationship) => relationship.dependency === name);
  const field = (relationship: string): Filled => endpointField({ relationship, path }, related, wrong);
  if (dependency?.many === true) {
    if (index === null) return listOf(ofDependency.map((relationship) => field(relationship.name)));
    const chosen = ofDependency[index];
    if (chosen !== undefined) return field(chosen.name);
    const message = `there are ${ofDependency.length} relationships for "${name}", counted from 0`;
    return wrong('template.unknown', [message, 'Use a smaller index, or the whole list.']);
  }
  const found = related.relationships.find((relationship) => relationship.name === name) ?? ofDependency[0];
  if (found === undefined) {
    // A missing one that is needed was reported already; an optional one that nothing fulfils is left out.
    return dependency === undefined ? unknownRelationship(name, of, wrong) : null;
  }
  if (index === null) return field(found.name);
  return wrong('template.unknown', [`"${name}" is one relationship, not a list`, `Leave out ${index}.`]);
}

function unknownRelationship(name: string, { body, related }: Neighbourhood, wrong: Wrong): null {
  const names = related.relationships.map((relationship) => relationship.name);
  const known = [...new Set([...names, ...body.dependencies.keys()])].sort();
  const fix = known.length === 0 ? 'Add a dependency of that name.' : `Use ${known.join(', ')}.`;
  return wrong('template.unknown', [`there is no relationship "${name}"${didYouMean(name, known)}`, fix]);
}

function endpointField(
  of: { readonly relationship: string; readonly path: readonly string[] },
  related: Related,
  wrong: Wrong,
): Filled {
  const { relationship, path } = of;
  const provider = related.providers.get(relationship);
  const wanted: Template = { kind: 'reference', reference: { of: 'relationship', name: relationship, path } };
  // A provider with errors of its own is reported there.
  if (provider === undefined || provider.body === null) return wanted;
  const { endpoint } = provider.body;
  const what = `${provider.component} ${provider.version}`;
  if (endpoint === null) {
    const fix = `Add an endpoint to ${provider.component} in a new release.`;
    return wrong('template.endpoint', [`${what} has no endpoint`, fix]);
  }
  if (hasPath(endpoint, path) !== 'no') return wanted;
  const known = keysOf(endpoint);
  const message = `the endpoint of ${what} has no "${path.join('.')}"${didYouMean(path[0] ?? '', known)}`;
  return wrong('template.endpoint', [message, `Use ${known.join(', ')}.`]);
}

function listOf(items: readonly Filled[]): Template {
  const found = items.filter((item): item is Template => item !== null);
  return found.length === 0 ? { kind: 'literal', value: [] } : { kind: 'list', items: found };
}
