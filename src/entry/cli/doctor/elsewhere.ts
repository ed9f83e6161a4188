import type { Abilities, Able } from '../../../ports/forge.js';
import { Failure, type ReachView } from '../operations.js';
import { missing, ok, warn, type Check } from './check.js';

/** The remote and the forge: what would be refused is said before anything needs it. */
export function checkElsewhere(answer: ReachView | Failure): Check[] {
  if (answer instanceof Failure) return [missing('elsewhere', answer.message, answer.fix)];
  return [...remoteChecks(answer.remote), ...forgeChecks(answer.forge)];
}

function remoteChecks(remote: ReachView['remote']): Check[] {
  if (remote === null) return [];
  const { url, hasToken, reached } = remote;
  if (reached.kind === 'failed') return [missing('remote', reached.message, reached.fix)];
  return [
    ok('remote', `${url} answers`),
    ...(hasToken === false ? [warn('token', 'none: it is asked as anybody', tokenFix)] : []),
    pushes(reached.pushes),
  ];
}

function pushes(may: boolean | null): Check {
  if (may === null) return ok('push', 'the remote tells only at the first push whether it takes one');
  if (may) return ok('push', 'the remote would take the status branch, notes and reverts');
  return missing(
    'push',
    'the remote takes no status branch, note or revert with these credentials',
    tokenFix,
  );
}

const tokenFix =
  'Put a token that may write to the repository into HELIOSTAT_TOKEN, or into a file that remote.token of the configuration names.';

function forgeChecks(forge: ReachView['forge']): Check[] {
  if (forge === null) return [];
  const { kind, webUrl, hasDeployments, abilities } = forge;
  switch (abilities.kind) {
    case 'unavailable':
      return [missing('forge', abilities.message, `Look whether ${kind} can be reached from here`)];
    case 'refused':
      return [missing('forge', abilities.message, abilities.fix)];
    case 'ok': {
      const { author, remarks } = abilities.value;
      const who = author === null ? 'whose name shows at the first comment' : `as ${author}`;
      return [
        ok('forge', `${webUrl}, ${who}`),
        ...abilityChecks(abilities.value, hasDeployments),
        ...remarks.map(({ message, fix }) => warn('forge', message, fix)),
      ];
    }
  }
}

type Ability = Exclude<keyof Abilities, 'author' | 'remarks'>;

/** `matters`: something will not work without it; else it works, less well. */
const shown: readonly (readonly [Ability, name: string, matters: boolean])[] = [
  ['comments', 'comments', true],
  ['statuses', 'statuses', true],
  ['deployments', 'deployments', false],
  ['pushes', 'pushes', true],
  ['proposals', 'pull requests', true],
  ['startsChecks', 'checks start', false],
];

function abilityChecks(abilities: Abilities, hasDeployments: boolean): Check[] {
  return shown
    .filter(([ability]) => ability !== 'deployments' || hasDeployments)
    .map(([ability, name, matters]) => ({
      name: `forge: ${name}`,
      state: stateOf(abilities[ability], matters),
      detail: words[abilities[ability]],
      command: null,
    }));
}

function stateOf(able: Able, matters: boolean): Check['state'] {
  if (able === 'no') return matters ? 'missing' : 'warn';
  return able === 'yes' ? 'ok' : 'warn';
}

const words: Readonly<Record<Able, string>> = {
  yes: 'yes',
  no: 'no: these credentials may not',
  unknown: 'not known before the first one: the forge does not tell',
};
