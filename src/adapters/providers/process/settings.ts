import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { isMap, type Json } from '../../../core/base/data.js';
import { kindOf, placeFor } from '../parts/folders.js';
import { refuse } from '../parts/outcomes.js';

export interface ProcessSettings {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** Below the working folder; empty for the folder itself. */
  readonly directory: string;
}

/** @throws {TransitionFailure} for a configuration that the manifest's schema would refuse. */
export function readSettings(configuration: Json): ProcessSettings {
  const map = isMap(configuration) ? configuration : {};
  const command = Array.isArray(map['command']) ? (map['command'] as readonly Json[]) : [];
  const [program, ...args] = command.map((part) => scalar(part, 'command'));
  if (program === undefined || program === '') {
    throw refuse('process.command', 'configuration.command needs a program');
  }
  const directory = map['directory'] ?? '';
  if (typeof directory !== 'string') throw refuse('process.directory', 'configuration.directory is no text');
  return { program, args, env: readEnvironment(map['env'] ?? {}), directory };
}

function readEnvironment(value: Json): Record<string, string> {
  if (!isMap(value)) throw refuse('process.env', 'configuration.env is not a map');
  const env: Record<string, string> = {};
  for (const [name, content] of Object.entries(value)) {
    if (name === '' || /[=\0]/.test(name))
      throw refuse('process.env', 'a name in configuration.env is not valid');
    if (content !== null) env[name] = scalar(content, `env.${name}`);
  }
  return env;
}

/** Names the key and never the value, which may be a secret. */
function scalar(value: Json, key: string): string {
  if (typeof value === 'object')
    throw refuse('process.configuration', `configuration.${key} is not a scalar`);
  const text = String(value);
  if (text.includes('\0')) throw refuse('process.configuration', `configuration.${key} holds a zero byte`);
  return text;
}

const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** Of the controller's own environment, only what any program needs to find its way. */
export function basicEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of inherited) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The folder to run in, made where it is missing. */
export function workingDirectory(folder: string, directory: string): string {
  const path = directory.replace(/^\.\//, '').replace(/\/$/, '');
  if (path === '' || path === '.') return folder;
  const place = placeFor(folder, path);
  if (kindOf(place) === null) mkdirSync(place);
  if (kindOf(place) !== 'folder') throw refuse('process.directory', `${path} is not a folder`);
  return place;
}

/**
 * The absolute path of the program, so that a missing one is known before anything is started.
 * @throws {TransitionFailure} `process.notFound`
 */
export function findProgram(program: string, folder: string, path: string): string {
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(folder, program)]
    : path.split(delimiter).flatMap((place) => (place === '' ? [] : [join(place, program)]));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const where = program.includes('/') ? candidates[0] : `PATH (${path})`;
  throw refuse('process.notFound', `${program}: no such program in ${where}`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
