import { parseDuration } from '../../core/model/duration.js';
import { Failure } from '../cli/operations.js';

export const actionCommands = ['validate', 'plan', 'wait', 'apply', 'drift'] as const;
export type ActionCommand = (typeof actionCommands)[number];

/** What a workflow says under `with`; `action.yml` describes each. */
export interface ActionInputs {
  readonly command: ActionCommand;
  /** Null: the repository of the workflow. */
  readonly repository: string | null;
  /** Empty: all of the repository. */
  readonly domains: readonly string[];
  /** Null: what the event is about. */
  readonly revision: string | null;
  readonly token: string | null;
  readonly app: { readonly id: number; readonly privateKey: string } | null;
  /** Path in the repository, read from the base revision. */
  readonly config: string;
  /** Nobody waits longer, and no pause that lasts longer is waited for. */
  readonly timeoutMs: number;
  readonly comment: boolean;
  readonly otherPlan: 'goOn' | 'hold' | null;
  readonly reverts: 'pullRequest' | 'commit' | null;
  /** Logins of other writers, such as a daemon's App, on top of what the configuration trusts. */
  readonly trusts: readonly string[];
  /** Who brings merged commits about, for the words of the comment. */
  readonly appliedBy: 'daemon' | 'action';
  readonly takeover: boolean;
  readonly report: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {Failure} naming the input that is wrong. */
export function readInputs(env: Environment): ActionInputs {
  const given = (name: string): string | null => {
    // As the runner hands them on: in capitals, spaces as underscores, nothing else changed.
    const value = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() ?? '';
    return value === '' ? null : value;
  };
  return {
    command: oneOf('command', given('command'), actionCommands) ?? 'plan',
    repository: given('repository'),
    domains: listOf(given('domain')),
    revision: given('revision'),
    token: given('token'),
    app: appOf(given('app-id'), given('app-private-key')),
    config: given('config') ?? 'heliostat.config.yaml',
    timeoutMs: durationOf(given('timeout') ?? '30m'),
    comment: isTrue('comment', given('comment') ?? 'true'),
    otherPlan: oneOf('other-plan', given('other-plan'), ['goOn', 'hold']),
    reverts: oneOf('reverts', given('reverts'), ['pullRequest', 'commit']),
    trusts: listOf(given('trusts')),
    appliedBy: oneOf('applied-by', given('applied-by'), ['daemon', 'action']) ?? 'daemon',
    takeover: isTrue('takeover', given('takeover') ?? 'false'),
    report: given('report'),
  };
}

function listOf(text: string | null): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

function appOf(id: string | null, privateKey: string | null): ActionInputs['app'] {
  if (id === null && privateKey === null) return null;
  if (id === null || privateKey === null || !/^\d+$/.test(id))
    throw wrong(
      'app-id',
      'a GitHub App needs app-id, a number, and app-private-key',
      'Give both, or neither.',
    );
  return { id: Number(id), privateKey };
}

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw wrong('timeout', `${text} is no duration`, 'Write it like 90s, 30m or 2h.');
  return ms;
}

function isTrue(name: string, text: string): boolean {
  if (/^(?:true|yes|on)$/i.test(text)) return true;
  if (/^(?:false|no|off)$/i.test(text)) return false;
  throw wrong(name, `${text} is neither true nor false`, `Write ${name}: true or ${name}: false.`);
}

function oneOf<T extends string>(name: string, given: string | null, known: readonly T[]): T | null {
  if (given === null) return null;
  const found = known.find((each) => each === given);
  if (found === undefined) throw wrong(name, `there is no ${given}`, `Use one of ${known.join(', ')}.`);
  return found;
}

function wrong(name: string, message: string, fix: string): Failure {
  return new Failure('action.input', `${name}: ${message}`, fix);
}
