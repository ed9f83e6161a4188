import type { Json, JsonMap } from '../../core/base/data.js';
import { isMap } from '../../core/base/data.js';
import type { ForgePolicy } from '../../engine/ports.js';
import { wrongConfig as wrong } from './config-failure.js';

/** `forge` of the operator's configuration. Credentials are named, never written down. */
export interface ForgeConfig {
  readonly kind: 'github' | 'gitea';
  /** `acme/shop`; null: that of the repository's URL. */
  readonly repository: string | null;
  /** Null: that of the repository's host. */
  readonly api: string | null;
  /** Null: `HELIOSTAT_TOKEN`, or whatever the environment has for this host. */
  readonly auth: ForgeAuth | null;
  readonly policy: ForgePolicy;
  /** Logins of other writers of Heliostat here, whose comments count as ours. */
  readonly trusts: readonly string[];
}

export type ForgeAuth =
  /** `env:NAME` or `file:/absolute/path`. */
  | { readonly kind: 'token'; readonly from: string }
  | {
      readonly kind: 'app';
      readonly id: number;
      /** Null: that of the repository is looked for. */
      readonly installation: number | null;
      readonly privateKey: string;
    };

/** `webhook` of the operator's configuration. */
export interface WebhookConfig {
  readonly host: string;
  readonly port: number;
  /** `env:NAME` or `file:/absolute/path`. */
  readonly secret: string;
}

/** @throws {Failure} naming the key that is wrong. */
export function forgeConfig(file: string, value: Json | undefined): ForgeConfig | null {
  if (value === undefined || value === null) return null;
  if (!isMap(value))
    throw wrong(file, 'forge is not a map', 'Write forge: { kind: github, token: env:NAME }.');
  onlyKeys(file, 'forge', value, [
    ...['kind', 'repository', 'api', 'token', 'app', 'reverts', 'otherPlan', 'comments', 'trusts'],
  ]);
  const repository = text(file, value, 'forge', 'repository');
  if (repository !== null && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw wrong(file, 'forge.repository is not OWNER/NAME', 'Write it like acme/shop.');
  const api = text(file, value, 'forge', 'api');
  if (api !== null && !isHttp(api))
    throw wrong(file, 'forge.api is no https:// URL', 'Write it like https://git.example.com/api/v3.');
  return {
    kind: oneOf(file, value, 'kind', ['github', 'gitea']),
    repository,
    api,
    auth: auth(file, value),
    policy: {
      reverts: oneOf(file, value, 'reverts', ['pullRequest', 'commit']),
      otherPlan: oneOf(file, value, 'otherPlan', ['goOn', 'hold']),
      comments: flag(file, value, 'comments'),
    },
    trusts: loginsOf(file, value['trusts']),
  };
}

/** True unless it says false. */
function flag(file: string, value: JsonMap, key: string): boolean {
  const given = value[key] ?? true;
  if (typeof given === 'boolean') return given;
  throw wrong(file, `forge.${key} is neither true nor false`, `Write ${key}: false.`);
}

function loginsOf(file: string, given: Json | undefined): readonly string[] {
  if (given === undefined || given === null) return [];
  const isLogin = (one: Json): one is string => typeof one === 'string' && /^[\w.-]+(?:\[bot\])?$/.test(one);
  if (Array.isArray(given) && given.every(isLogin)) return given;
  throw wrong(file, 'forge.trusts is no list of logins', "Write trusts: ['github-actions[bot]'].");
}

/** @throws {Failure} naming the key that is wrong. */
export function webhookConfig(file: string, value: Json | undefined): WebhookConfig | null {
  if (value === undefined || value === null) return null;
  const fix = 'Write webhook: { listen: 127.0.0.1:8085, secret: env:NAME }.';
  if (!isMap(value)) throw wrong(file, 'webhook is not a map', fix);
  onlyKeys(file, 'webhook', value, ['listen', 'secret']);
  const secret = text(file, value, 'webhook', 'secret');
  if (secret === null) throw wrong(file, 'webhook has no secret, and anybody could send one', fix);
  const listen = /^(?:(\[[0-9a-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(
    text(file, value, 'webhook', 'listen') ?? '',
  );
  const port = Number(listen?.[2]);
  if (listen === null || port > 65_535) throw wrong(file, 'webhook.listen is no HOST:PORT', fix);
  return {
    host: (listen[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''),
    port,
    secret: source(file, 'webhook.secret', secret),
  };
}

function auth(file: string, value: JsonMap): ForgeAuth | null {
  const token = text(file, value, 'forge', 'token');
  const app = value['app'];
  if (app === undefined || app === null)
    return token === null ? null : { kind: 'token', from: source(file, 'forge.token', token) };
  const fix = 'Write app: { id: 12345, privateKey: file:/path/key.pem }.';
  if (token !== null) throw wrong(file, 'forge has a token and an app', 'Keep one of them.');
  if (!isMap(app)) throw wrong(file, 'forge.app is not a map', fix);
  onlyKeys(file, 'forge.app', app, ['id', 'installation', 'privateKey']);
  const privateKey = text(file, app, 'forge.app', 'privateKey');
  if (typeof app['id'] !== 'number' || privateKey === null)
    throw wrong(file, 'forge.app has no id, or no privateKey', fix);
  const { installation = null } = app;
  if (installation !== null && typeof installation !== 'number')
    throw wrong(file, 'forge.app.installation is no number', fix);
  return {
    kind: 'app',
    id: app['id'],
    installation,
    privateKey: source(file, 'forge.app.privateKey', privateKey),
  };
}

function source(file: string, key: string, from: string): string {
  if (/^(?:env|file):./.test(from)) return from;
  // What stands there may be the secret itself, so it is not repeated.
  throw wrong(file, `${key} names no place to read it from`, 'Write env:NAME or file:/absolute/path.');
}

function oneOf<T extends string>(
  file: string,
  value: JsonMap,
  key: string,
  [usual, ...others]: readonly [T, ...T[]],
): T {
  const given = value[key];
  if (given === undefined || given === null) return usual;
  const known = [usual, ...others];
  const found = known.find((each) => each === given);
  if (found !== undefined) return found;
  throw wrong(file, `forge.${key} is none of ${known.join(', ')}`, `Write ${key}: ${usual}.`);
}

function text(file: string, value: JsonMap, of: string, key: string): string | null {
  const given = value[key];
  if (given === undefined || given === null) return null;
  if (typeof given !== 'string' || given === '')
    throw wrong(file, `${of}.${key} is not a text`, `Write ${key}: TEXT.`);
  return given;
}

function onlyKeys(file: string, of: string, value: JsonMap, known: readonly string[]): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      throw wrong(file, `there is no setting ${of}.${key}`, `Use one of ${known.join(', ')}.`);
}

function isHttp(url: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(url);
    const isHere = hostname === 'localhost' || hostname === '127.0.0.1';
    return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isHere));
  } catch {
    return false;
  }
}
