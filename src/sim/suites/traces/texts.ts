import type { Files } from '../../repository.js';

/** Lines of one file without its head, by path; null: the file goes. */
export type Edit = Readonly<Record<string, string | null>>;

const domain = `apiVersion: heliostat/v1
kind: Domain
name: prod
defaults:
  rollout: { minHealthyTime: 1s, drainDelay: 1s }
  repairInterval: 10s
`;

/** The files of a model: those before, with this edit. */
export function withEdit(before: Files, edit: Edit): Files {
  const files = new Map(before);
  if (files.size === 0) files.set('heliostat.yaml', domain);
  for (const [path, text] of Object.entries(edit)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

export interface ReleaseText {
  readonly provider: 'machine' | 'cloud' | 'rules';
  /** In braces, as in `{ db: { type: service, … } }`. */
  readonly dependencies?: string;
  readonly health?: string;
}

/** `catalog/NAME/VERSION.yaml`; `setting` and `url` can be changed in place, `build` cannot. */
export function release(name: string, version: string, about: ReleaseText): Edit {
  const { provider, dependencies = '{}', health = '' } = about;
  const service = /(\w+): \{ type: service/.exec(dependencies)?.[1];
  const port = provider === 'rules' ? '' : '  port: "${instance.port}"\n';
  const url = service === undefined ? '' : `  url: "\${relationships.${service}.endpoint.url}"\n`;
  const text = `apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}
provider: ${provider}
parameters: { type: object, properties: { setting: { type: integer, default: 0 } } }
configuration:
  setting: "\${configuration.setting}"
  build: ${version}
${port}${url}dependencies: ${dependencies}
endpoint: { url: "${provider === 'rules' ? `made-of-${name}` : 'http://${instance.address}:${instance.port}'}" }
${health}timeouts: { create: 60s, configure: 60s, start: 60s, stop: 60s, destroy: 60s }
`;
  return { [`catalog/${name}/${version}.yaml`]: text };
}

/** `solutions/NAME.yaml` with elements in braces. */
export function solution(name: string, elements: Readonly<Record<string, string>>): Edit {
  const lines = Object.entries(elements).map(([element, text]) => `  ${element}: { ${text} }\n`);
  return {
    [`solutions/${name}.yaml`]: `apiVersion: heliostat/v1\nkind: Solution\nname: ${name}\nelements:\n${lines.join('')}`,
  };
}

const usesDb = '{ db: { type: service, component: db, version: ">=1.0 <2" } }';
const probe =
  'health: { http: { path: /healthz }, interval: 5s, timeout: 1s, healthyAfter: 1, unhealthyAfter: 2 }\n';

/** Releases that all traces share. */
export const catalog: Edit = {
  ...release('db', '1.0.0', { provider: 'machine' }),
  ...release('db', '1.1.0', { provider: 'machine' }),
  ...release('api', '1.0.0', { provider: 'cloud', dependencies: usesDb, health: probe }),
  ...release('api', '1.1.0', { provider: 'cloud', dependencies: usesDb, health: probe }),
  ...release('host', '1.0.0', { provider: 'machine' }),
  ...release('host', '1.1.0', { provider: 'machine' }),
  ...release('rule', '1.0.0', {
    provider: 'rules',
    dependencies: '{ host: { type: context, component: host, version: ">=1.0 <2" } }',
  }),
};
