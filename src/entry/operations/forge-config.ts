import type { Json } from '../../core/base/data.js';
import type { ForgePolicy } from '../../engine/ports.js';
import type { ConfigMap } from './config-map.js';

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

const forgeKeys = ['kind', 'repository', 'api', 'token', 'app', 'reverts', 'otherPlan', 'comments', 'trusts'];

/** @throws {Failure} naming the key that is wrong. */
export function forgeConfig(config: ConfigMap): ForgeConfig | null {
  const forge = config.map('forge', forgeKeys, 'Write forge: { kind: github, token: env:NAME }.');
  if (forge === null) return null;
  const repository = forge.text('repository');
  if (repository !== null && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw forge.wrong('repository', 'is not OWNER/NAME', 'Write it like acme/shop.');
  const api = forge.text('api');
  if (api !== null && !isHttp(api))
    throw forge.wrong('api', 'is no https:// URL', 'Write it like https://git.example.com/api/v3.');
  return {
    kind: forge.oneOf('kind', ['github', 'gitea']),
    repository,
    api,
    auth: authOf(forge),
    policy: {
      reverts: forge.oneOf('reverts', ['pullRequest', 'commit']),
      otherPlan: forge.oneOf('otherPlan', ['goOn', 'hold']),
      comments: forge.flag('comments', true),
    },
    trusts: loginsOf(forge),
  };
}

function loginsOf(forge: ConfigMap): readonly string[] {
  const given = forge.value('trusts') ?? [];
  const isLogin = (one: Json): one is string => typeof one === 'string' && /^[\w.-]+(?:\[bot\])?$/.test(one);
  if (Array.isArray(given) && given.every(isLogin)) return given;
  throw forge.wrong('trusts', 'is no list of logins', "Write trusts: ['github-actions[bot]'].");
}

function authOf(forge: ConfigMap): ForgeAuth | null {
  const from = forge.source('token');
  const fix = 'Write app: { id: 12345, privateKey: file:/path/key.pem }.';
  const app = forge.map('app', ['id', 'installation', 'privateKey'], fix);
  if (app === null) return from === null ? null : { kind: 'token', from };
  if (from !== null) throw forge.wrong('app', 'stands beside a token', 'Keep one of them.');
  const [id, privateKey] = [app.number('id'), app.source('privateKey')];
  if (id === null) throw app.wrong('id', 'is missing', fix);
  if (privateKey === null) throw app.wrong('privateKey', 'is missing', fix);
  return { kind: 'app', id, installation: app.number('installation'), privateKey };
}

/** @throws {Failure} naming the key that is wrong. */
export function webhookConfig(config: ConfigMap): WebhookConfig | null {
  const fix = 'Write webhook: { listen: 127.0.0.1:8085, secret: env:NAME }.';
  const webhook = config.map('webhook', ['listen', 'secret'], fix);
  if (webhook === null) return null;
  const secret = webhook.source('secret');
  if (secret === null) throw webhook.wrong('secret', 'is missing, and anybody could send one', fix);
  const given = webhook.value('listen');
  const listen = /^(?:(\[[0-9a-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(String(given ?? ''));
  const port = Number(listen?.[2]);
  if (listen === null || port > 65_535) throw webhook.wrong('listen', 'is no HOST:PORT', fix);
  return { host: (listen[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port, secret };
}

function isHttp(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1';
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isHere));
}
