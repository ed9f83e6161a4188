/** Serves its version on PORT until SIGTERM; `/healthz` as HEALTH says. Loses no request when it ends. */
const server = `import { createServer } from 'node:http';

const { PORT, VERSION, HEALTH } = process.env;
let ending = false;
const server = createServer((request, response) => {
  const sick = request.url === '/healthz' && HEALTH === 'bad';
  response.writeHead(sick ? 503 : 200, ending ? { connection: 'close' } : {});
  response.end(sick ? 'sick' : JSON.stringify({ version: VERSION, pid: process.pid }));
});
server.keepAliveTimeout = 75_000;
server.listen(Number(PORT), '127.0.0.1', () => console.log('serving ' + VERSION));
process.on('SIGTERM', () => {
  ending = true;
  server.close(() => process.exit(0));
});
`;

export interface AppOptions {
  readonly health?: 'good' | 'bad';
  /** Of `dependencies`, as YAML in braces. */
  readonly dependencies?: string;
  readonly extra?: string;
}

/** `catalog/NAME/VERSION.yaml`: one release of a small server. */
export function app(name: string, version: string, options: AppOptions = {}): Record<string, string> {
  const { health = 'good', dependencies = '{}', extra = '' } = options;
  const yaml = `apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}
provider: process
artifacts: [services/app.mjs]
parameters: { type: object, properties: { note: { type: string, default: none } } }
configuration:
  command: [node, services/app.mjs]
  env: { PORT: "\${instance.port}", VERSION: ${version}, HEALTH: ${health}, NOTE: "\${configuration.note}" }
dependencies: ${dependencies}
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: /healthz }, interval: 100ms, timeout: 2s, healthyAfter: 1, unhealthyAfter: 3 }
timeouts: { create: 20s, start: 20s, stop: 10s, destroy: 20s }
${extra}`;
  return { [`catalog/${name}/${version}.yaml`]: yaml };
}

export interface DomainOptions {
  readonly name?: string;
  readonly onFailure?: 'pause' | 'abort' | 'revert';
  readonly healthyDeadline?: string;
  readonly extra?: string;
}

/** Short times: a rollout of one instance takes about a second. */
export function domainFile(options: DomainOptions = {}): string {
  const { name = 'test', onFailure = 'pause', healthyDeadline = '20s', extra = '' } = options;
  return `apiVersion: heliostat/v1
kind: Domain
name: ${name}
defaults:
  rollout: { minHealthyTime: 200ms, drainDelay: 300ms, healthyDeadline: ${healthyDeadline}, progressDeadline: 60s, onFailure: ${onFailure} }
  repairInterval: 2s
${extra}`;
}

/** `solutions/NAME.yaml` with elements as lines of YAML in braces. */
export function solution(name: string, elements: Readonly<Record<string, string>>): Record<string, string> {
  const lines = Object.entries(elements).map(([element, text]) => `  ${element}: ${text}\n`);
  return {
    [`solutions/${name}.yaml`]: `apiVersion: heliostat/v1\nkind: Solution\nname: ${name}\nelements:\n${lines.join('')}`,
  };
}

/** One solution with one exposed element of the small server. */
export function web(version: string, size = 2): Record<string, string> {
  return solution('shop', {
    web: `{ component: web, version: ${version}, size: ${size}, expose: { port: auto } }`,
  });
}

/** A domain, the server, and two releases of `web`. */
export function smallModel(options: DomainOptions = {}): Record<string, string> {
  return {
    'heliostat.yaml': domainFile(options),
    'services/app.mjs': server,
    ...app('web', '1.0.0'),
    ...app('web', '1.1.0'),
  };
}
