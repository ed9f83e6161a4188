/**
 * On each request it asks whom it uses, at the address that it was given, and answers with all that it heard; 500 if one
 * of them is of a version that it does not take: so a wrong order is seen at once, by whoever asks.
 */
const server = `import { existsSync, readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';

const { PORT, NAME, VERSION, ORDINAL, SICK = '', SICK_IF = '', GATE = '', ROOM, ...env } = process.env;
const sick = SICK !== '' && Number(ORDINAL) >= Number(SICK) || SICK_IF !== '' && existsSync(SICK_IF);
const uses = Object.keys(env).filter((key) => key.startsWith('USE_')).sort()
  .map((key) => ({ url: env[key], range: env[key.replace('USE_', 'RANGE_')] }));
const kept = new Agent({ keepAlive: true });
let asked = 0;
let ending = false;

const ask = ({ url, range }) => new Promise((resolve, reject) => {
  const request = get(url, { agent: asked++ % 2 === 0 ? kept : false, timeout: 30_000 }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (more) => (text += more)).on('error', reject);
    response.on('end', () => {
      const [from, below] = range.match(/\\d+/g).map(Number);
      const major = Number(/^\\S+ (\\d+)/.exec(text)?.[1]);
      if (response.statusCode !== 200) reject(new Error(text));
      else if (major >= from && major < below) resolve(text);
      else reject(new Error('takes ' + range + ', and got ' + text));
    });
  });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.on('error', reject);
});

const room = () => (ROOM === undefined ? [] : [readFileSync(ROOM + '/name', 'utf8').trim()]);

const server = createServer(async (request, response) => {
  const answer = (status, text) => {
    response.writeHead(status, ending ? { connection: 'close' } : {});
    response.end(text);
  };
  if (request.url === '/gate' && GATE === 'shut') return answer(503, 'shut');
  if (request.url !== '/') return answer(sick ? 503 : 200, sick ? 'sick' : 'well');
  const name = NAME + ' ' + VERSION;
  try {
    const heard = [...room(), ...(await Promise.all(uses.map(ask)))];
    answer(200, name + heard.map((text) => ' (' + text + ')').join(''));
  } catch (error) {
    answer(500, name + ': ' + error.message);
  }
});
server.keepAliveTimeout = 75_000;
server.listen(Number(PORT), '127.0.0.1', () => console.log('serving ' + VERSION));
process.on('SIGTERM', () => {
  ending = true;
  server.close(() => process.exit(0));
});
`;

export interface ServiceOptions {
  /** Range of each component that it uses, as `>=1 <3`: whole lines of versions. */
  readonly uses?: Readonly<Record<string, string>>;
  /** Range of the room that it lives in. */
  readonly room?: string;
  /** From this ordinal on its check answers 503. */
  readonly sickFrom?: number;
  /** Where there is this file when it starts, its check answers 503. */
  readonly sickIf?: string;
  /** It answers 503 at `/gate`, and well everywhere else. */
  readonly isGateShut?: boolean;
}

/** `catalog/NAME/VERSION.yaml` of such a server; `version` is the first number. */
export function service(name: string, version: number, options: ServiceOptions = {}): Record<string, string> {
  const { uses = {}, room, sickFrom, sickIf, isGateShut = false } = options;
  const env = [
    ...Object.entries(uses).flatMap(([used, range]) => [
      `USE_${used}: "\${relationships.${used}.endpoint.url}/"`,
      `RANGE_${used}: "${range}"`,
    ]),
    ...(room === undefined ? [] : ['ROOM: "${relationships.room.endpoint.path}"']),
    ...(sickFrom === undefined ? [] : [`SICK: "${sickFrom}"`]),
    ...(sickIf === undefined ? [] : [`SICK_IF: "${sickIf}"`]),
    ...(isGateShut ? ['GATE: shut'] : []),
  ];
  const dependencies = [
    ...Object.entries(uses).map(
      ([used, range]) => `  ${used}: { type: service, component: ${used}, version: "${range}" }\n`,
    ),
    ...(room === undefined ? [] : [`  room: { type: context, component: room, version: "${room}" }\n`]),
  ];
  const yaml = `apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}.0.0
provider: process
artifacts: [services/uses.mjs]
configuration:
  command: [node, services/uses.mjs]
  env:
    PORT: "\${instance.port}"
    ORDINAL: "\${instance.ordinal}"
    NAME: ${name}
    VERSION: ${version}.0.0
${env.map((line) => `    ${line}\n`).join('')}dependencies:${dependencies.length === 0 ? ' {}' : ''}
${dependencies.join('')}endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: /healthz }, interval: 100ms, timeout: 2s, healthyAfter: 1, unhealthyAfter: 3 }
timeouts: { create: 20s, start: 20s, stop: 10s, destroy: 20s }
`;
  return { [`catalog/${name}/${version}.0.0.yaml`]: yaml };
}

/** A folder with its name in it, for services to live in. */
export function room(version: number): Record<string, string> {
  return {
    [`catalog/room/${version}.0.0.yaml`]: `apiVersion: heliostat/v1
kind: Component
name: room
version: ${version}.0.0
provider: file
configuration: { files: { name: "room ${version}.0.0\\n" } }
endpoint: { path: "\${instance.address}" }
`,
  };
}

export function serverFile(): Record<string, string> {
  return { 'services/uses.mjs': server };
}
