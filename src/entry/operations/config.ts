import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonMap } from '../../core/base/data.js';
import { isMap } from '../../core/base/data.js';
import { readText } from '../../core/model/text.js';
import { Failure } from '../cli/operations.js';
import { ConfigMap, wrongConfig as wrong } from './config-map.js';
import { remoteSettings, usualRemote, type RemoteSettings } from './remote-config.js';
import type { ForgeConfig, WebhookConfig } from './forge-config.js';
import { forgeConfig, webhookConfig } from './forge-config.js';

/** The operator's side: what the model repository can never say. */
export interface OperatorConfig {
  /** Where it was read; null: there is none. */
  readonly file: string | null;
  readonly controller: string | null;
  readonly branch: string | null;
  /** Absolute; null: `.heliostat` beside the common Git directory, or a folder of this user for a remote. */
  readonly stateFolder: string | null;
  /** False: the state folder is gone with the machine, so what is about to be done is written to the status branch first. */
  readonly durable: boolean;
  /** Names of the providers allowed here; null: all that are built in. */
  readonly providers: ReadonlyMap<string, JsonMap> | null;
  readonly gatewayPorts: readonly [number, number] | null;
  readonly forge: ForgeConfig | null;
  readonly webhook: WebhookConfig | null;
  /** Their values are with another controller: what is declared, or all where nothing is, counts as there. */
  readonly secretsElsewhere: boolean;
  readonly secrets: { readonly [name: string]: { readonly from: string; readonly for: readonly string[] } };
  readonly remote: RemoteSettings;
}

/** Of the operator's configuration. */
export const configBytes = 1024 * 1024;

export const configFileName = 'heliostat.config.yaml';

const none: OperatorConfig = {
  file: null,
  controller: null,
  branch: null,
  stateFolder: null,
  durable: true,
  providers: null,
  gatewayPorts: null,
  forge: null,
  webhook: null,
  secretsElsewhere: false,
  secrets: {},
  remote: usualRemote,
};

/** Given by name it must be there; otherwise the one in the controller's folder, if any; null: it has none. */
export async function readConfig(given: string | null, folder: string | null): Promise<OperatorConfig> {
  if (given === null && folder === null) return none;
  const file = given ?? join(folder ?? '', configFileName);
  let bytes: Buffer;
  try {
    // A pipe would make us wait, and for ever.
    const found = await stat(file);
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > configBytes) throw new Error(`it is larger than ${configBytes / 1024} kB`);
    bytes = await readFile(file);
  } catch (error) {
    if (given === null && (error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw new Failure(
      'config.unreadable',
      `${file} cannot be read: ${(error as Error).message}`,
      'Name a file that is there and readable with --config.',
    );
  }
  const document = readText(bytes);
  const problem = document.problems[0];
  if (problem !== undefined)
    throw wrong(`${file}:${problem.line}:${problem.column}`, problem.message, problem.fix);
  return parse(file, document.data);
}

function parse(file: string, data: Json): OperatorConfig {
  if (data === null) return { ...none, file };
  if (!isMap(data))
    throw wrong(file, 'it is not a map of settings', 'Write keys and values, such as controller: ctl-1.');
  const config = ConfigMap.whole(file, data).only([
    'controller',
    'branch',
    'stateFolder',
    'durable',
    'providers',
    'gateway',
    'remote',
    'forge',
    'webhook',
    'secrets',
    'secretsElsewhere',
  ]);
  return {
    file,
    controller: config.text('controller'),
    branch: config.text('branch'),
    stateFolder: config.text('stateFolder'),
    durable: config.flag('durable', true),
    providers: providers(file, data['providers']),
    gatewayPorts: ports(file, data['gateway']),
    remote: remoteSettings(config),
    forge: forgeConfig(config),
    webhook: webhookConfig(config),
    secrets: secrets(file, data['secrets']),
    secretsElsewhere: config.flag('secretsElsewhere', false),
  };
}

function providers(file: string, value: Json | undefined): ReadonlyMap<string, JsonMap> | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return new Map((value as readonly Json[]).map((name) => [String(name), {}]));
  if (!isMap(value))
    throw wrong(file, 'providers is neither a list of names nor a map', 'Write providers: [process, file].');
  return new Map(Object.entries(value).map(([name, settings]) => [name, isMap(settings) ? settings : {}]));
}

function ports(file: string, value: Json | undefined): readonly [number, number] | null {
  const range = isMap(value) ? value['ports'] : undefined;
  return range === undefined ? null : portRange(file, range);
}

/** `[first, last]` as in `ports: [20000, 24999]`. */
export function portRange(file: string, value: Json | undefined): readonly [number, number] | null {
  if (value === undefined) return null;
  const [first, last] = Array.isArray(value) ? (value as readonly Json[]) : [];
  const isPort = (port: unknown): port is number =>
    typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536;
  if (!isPort(first) || !isPort(last) || first > last)
    throw wrong(file, 'ports is not a range', 'Write ports: [20000, 24999].');
  return [first, last];
}

function secrets(file: string, value: Json | undefined): OperatorConfig['secrets'] {
  if (value === undefined || value === null) return {};
  if (!isMap(value))
    throw wrong(
      file,
      'secrets is not a map',
      'Write secrets: { NAME: { from: env:NAME, for: ["prod/shop/*"] } }.',
    );
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const from = isMap(entry) ? entry['from'] : undefined;
      const users = isMap(entry) ? entry['for'] : undefined;
      if (typeof from !== 'string' || !Array.isArray(users)) {
        throw wrong(
          file,
          `secret ${name} does not say where it comes from and who may use it`,
          `Write ${name}: { from: env:NAME, for: ["prod/shop/*"] }.`,
        );
      }
      return [name, { from, for: (users as readonly Json[]).map(String) }];
    }),
  );
}

/** The same controller comes back under the same name: configured, else this machine and this repository. */
export function controllerName(config: OperatorConfig, home: string): string {
  return config.controller ?? `${hostname()}:${home}`;
}
