import picocolors from 'picocolors';

/** Colours, or their absence: the same functions either way. */
export type Paint = Pick<
  ReturnType<typeof picocolors.createColors>,
  'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'inverse'
>;

export function paintOf(coloured: boolean): Paint {
  return picocolors.createColors(coloured);
}

/** https://no-color.org: a value that is not empty turns colours off, whatever else is said. */
export function wantsColours(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
