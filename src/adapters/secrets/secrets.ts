import { globMatches, parseGlob, type Glob } from '../../core/base/glob.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import { redactorOf, type Redactor } from '../../core/base/safe-text.js';
import type { Secrets } from '../../ports/secrets.js';
import { readSource } from './sources.js';

/** One entry of `secrets` in the operator's configuration. */
export interface SecretEntry {
  /** `env:NAME` or `file:/absolute/path`. */
  readonly from: string;
  /** Patterns of `domain/solution/element`; who else asks is refused. */
  readonly for: readonly string[];
}

export interface SecretsOptions {
  readonly entries: { readonly [name: string]: SecretEntry };
  readonly environment?: NodeJS.ProcessEnv;
  /** The values are with another controller: none is read, and what is declared, or all where nothing is, counts as there. */
  readonly elsewhere?: boolean;
  /** The operator's configuration, for diagnostics. */
  readonly file: string;
}

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** Masks every value that was ever read. */
  readonly redactor: Redactor;
  /** What is wrong with the entries; a secret with a diagnostic is missing. */
  readonly diagnostics: readonly Diagnostic[];
  /** Reads all sources anew, after a rotation, and answers what is wrong with them now. */
  refresh(): readonly Diagnostic[];
}

interface Secret {
  readonly value: string | null;
  readonly users: readonly Glob[];
}

/** Values stay in memory; they are read at once, so that the redactor knows all of them before anything is written. */
export function openSecrets(options: SecretsOptions): OpenedSecrets {
  const everRead = new Set<string>();
  let table = new Map<string, Secret>();
  let mask = redactorOf([]);

  function refresh(): readonly Diagnostic[] {
    const problems: Diagnostic[] = [];
    table = new Map(
      Object.entries(options.entries).map(([name, entry]) => {
        const { secret, found } = readEntry(name, entry, options);
        problems.push(...found);
        if (secret.value !== null) everRead.add(secret.value);
        return [name, secret];
      }),
    );
    mask = redactorOf(everRead);
    return problems;
  }

  const check: Secrets['check'] = (name, element) => {
    const secret = table.get(name);
    if (secret === undefined) return options.elsewhere === true && table.size === 0 ? 'ok' : 'missing';
    if (!secret.users.some((glob) => globMatches(glob, element))) return 'forbidden';
    return secret.value === null && options.elsewhere !== true ? 'missing' : 'ok';
  };
  const diagnostics = refresh();
  return {
    secrets: {
      check,
      value: (name, element) => (check(name, element) === 'ok' ? (table.get(name)?.value ?? null) : null),
    },
    redactor: (text) => mask(text),
    diagnostics,
    refresh,
  };
}

interface Reading {
  readonly secret: Secret;
  readonly found: readonly Diagnostic[];
}

function readEntry(name: string, entry: SecretEntry, options: SecretsOptions): Reading {
  const found: Diagnostic[] = [];
  const users = entry.for.flatMap((pattern) => {
    const glob = parseGlob(pattern);
    if (glob !== null) return [glob];
    found.push(
      problem(
        options,
        'secrets.for',
        `${name}: ${JSON.stringify(pattern)} is no pattern`,
        'Write it like "prod/shop/*".',
      ),
    );
    return [];
  });
  if (entry.for.length === 0) {
    found.push(
      problem(
        options,
        'secrets.for',
        `${name}: nobody may use it`,
        'List its users under "for", such as ["prod/shop/*"].',
      ),
    );
  }
  if (options.elsewhere === true) return { secret: { value: null, users }, found };
  const source = readSource(entry.from, options.environment ?? process.env);
  if (source.kind === 'value') return { secret: { value: source.value, users }, found };
  found.push(problem(options, source.code, `${name}: ${source.message}`, source.fix));
  return { secret: { value: null, users }, found };
}

function problem(options: SecretsOptions, code: string, message: string, fix: string): Diagnostic {
  return { code, severity: 'error', message, file: options.file, line: 0, column: 0, fix };
}
