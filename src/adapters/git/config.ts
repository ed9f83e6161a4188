import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from './failure.js';

/**
 * The repository's own configuration, keys in lower case (`core.worktree`), last value wins. Includes are not
 * followed: Git does not either for what decides the format of a repository.
 */
export type Config = ReadonlyMap<string, string>;

export async function readConfig(commonDir: string, gitDir: string): Promise<Config> {
  const config = parseConfig(await textOf(join(commonDir, 'config')));
  if (!isTrue(config.get('extensions.worktreeconfig'))) return config;
  return new Map([...config, ...parseConfig(await textOf(join(gitDir, 'config.worktree')))]);
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['true', 'yes', 'on', '1'].includes(value.toLowerCase());
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

export function parseConfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const header = /^\s*\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header) section = header[1]!.toLowerCase() + (header[2] === undefined ? '' : `.${header[2]}`);
    const rest = header ? line.slice(header[0].length) : line;
    const setting = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=(.*))?$/.exec(rest);
    if (setting) values.set(`${section}.${setting[1]!.toLowerCase()}`, valueOf(setting[2]));
  }
  return values;
}

/** A key alone means true; quotes and escapes are undone; a comment ends an unquoted value. */
function valueOf(raw: string | undefined): string {
  if (raw === undefined) return 'true';
  let value = '';
  let quoted = false;
  const text = raw.trim();
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') quoted = !quoted;
    else if (char === '\\') value += unescaped(text[++i] ?? '');
    else if (!quoted && (char === '#' || char === ';')) return value.trimEnd();
    else value += char;
  }
  return value;
}

function unescaped(char: string): string {
  return { n: '\n', t: '\t', b: '\b' }[char] ?? char;
}
