import { suggest } from '../../core/model/suggest.js';
import { Failure, type TargetName } from './operations.js';
import { printable } from './render/printable.js';

const mostListed = 20;

/** The name that a unique tail of it stands for: `api` for `prod/shop/api`. A whole name always wins. */
export function resolveTarget(
  text: string,
  targets: readonly TargetName[],
  kinds: readonly TargetName['kind'][],
): TargetName {
  const known = targets.filter((target) => kinds.includes(target.kind));
  const whole = known.find((target) => target.name === text);
  if (whole !== undefined) return whole;
  const found = known.filter((target) => target.name.endsWith(`/${text}`));
  // A solution and an element in it may share a tail (`shop` and `shop/shop`): what was typed names the outer one.
  const [first, ...others] = found;
  if (first === undefined) throw unknownTarget(text, known, kinds);
  if (others.length > 0) throw ambiguousTarget(text, found);
  return first;
}

function ambiguousTarget(text: string, found: readonly TargetName[]): Failure {
  const names = found.map((target) => printable(target.name));
  return new Failure(
    'target.ambiguous',
    `"${printable(text)}" stands for ${found.length} things: ${listed(names)}`,
    `Write more of the name: ${names[0] ?? ''}`,
  );
}

function unknownTarget(
  text: string,
  known: readonly TargetName[],
  kinds: readonly TargetName['kind'][],
): Failure {
  const likely = likelyTarget(text, known);
  const things = kinds.join(' or ');
  return new Failure(
    'target.unknown',
    `there is no ${things} "${printable(text)}"${likely === null ? '' : `; did you mean "${printable(likely)}"?`}`,
    likely === null ? 'See what there is: heliostat status' : `Use ${printable(likely)}`,
  );
}

/** Compared with tails of the same length, so that a slip in `ahp/api` finds `prod/shop/api`. */
function likelyTarget(text: string, known: readonly TargetName[]): string | null {
  const parts = text.split('/').length;
  const tails = new Map(known.map(({ name }) => [name.split('/').slice(-parts).join('/'), name]));
  const tail = suggest(text, tails.keys());
  return tail === null ? null : (tails.get(tail) ?? null);
}

function listed(names: readonly string[]): string {
  const rest = names.length - mostListed;
  return names.slice(0, mostListed).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
