import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';

export type SourceReading =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string; readonly fix: string };

const sizeLimit = 64 * 1024;
const readableByAll = 0o004;
const writableByAll = 0o002;

/** Reads `env:NAME` or `file:/path`; the line break that editors put at the end is no part of a secret. */
export function readSource(from: string, environment: NodeJS.ProcessEnv): SourceReading {
  const colon = from.indexOf(':');
  const place = from.slice(colon + 1);
  switch (colon < 0 ? '' : from.slice(0, colon)) {
    case 'env':
      return readVariable(place, environment);
    case 'file':
      return readSecretFile(place);
    default:
      // What stands there may be the secret itself, so it is not repeated.
      return problem(
        'secrets.source',
        '"from" names no source',
        'Write "env:NAME" or "file:/absolute/path".',
      );
  }
}

function readVariable(name: string, environment: NodeJS.ProcessEnv): SourceReading {
  const value = environment[name] ?? '';
  if (value !== '') return { kind: 'value', value };
  return problem(
    'secrets.missing',
    `the environment has no ${name}`,
    `Set ${name} in the environment of the controller.`,
  );
}

function readSecretFile(path: string): SourceReading {
  if (!isAbsolute(path)) {
    return problem('secrets.source', `${path} is not absolute`, 'Write "file:/absolute/path".');
  }
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      return problem('secrets.source', `${path} is not a file`, 'Name a file that holds only the secret.');
    if ((stat.mode & (readableByAll | writableByAll)) !== 0) {
      return problem(
        'secrets.worldReadable',
        `everybody on this machine may read or write ${path}`,
        `Run: chmod 600 ${path}`,
      );
    }
    if (stat.size > sizeLimit) {
      return problem(
        'secrets.source',
        `${path} is larger than 64 kB`,
        'Name a file that holds only the secret.',
      );
    }
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return value === ''
      ? problem('secrets.missing', `${path} is empty`, `Write the secret into ${path}.`)
      : { kind: 'value', value };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    return problem(
      'secrets.missing',
      `${path} cannot be read (${code})`,
      `Make ${path} readable for the controller.`,
    );
  }
}

function problem(code: string, message: string, fix: string): SourceReading {
  return { kind: 'problem', code, message, fix };
}
