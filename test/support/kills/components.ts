/** Answers with its version; with API set only if that answers too. Loses no request when it ends. */
const server = `import { createServer, get } from 'node:http';

const { PORT, VERSION, API } = process.env;
let ending = false;
const server = createServer((request, response) => {
  const answer = (status, text) => {
    response.writeHead(status, ending ? { connection: 'close' } : {});
    response.end(text);
  };
  const mine = JSON.stringify({ version: VERSION, pid: process.pid });
  if (API === undefined || request.url === '/healthz') return answer(200, mine);
  const call = get(API, { agent: false, timeout: 30000 }, (theirs) => {
    theirs.resume();
    theirs.on('error', (error) => answer(502, 'the api: ' + error.message));
    theirs.on('end', () => (theirs.statusCode === 200 ? answer(200, mine) : answer(502, 'the api says ' + theirs.statusCode)));
  });
  call.on('timeout', () => call.destroy(new Error('no answer in 30 s')));
  call.on('error', (error) => answer(502, 'the api: ' + error.message));
});
server.keepAliveTimeout = 75000;
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  ending = true;
  server.close(() => process.exit(0));
});
`;

export function appFile(): Record<string, string> {
  return { 'services/app.mjs': server };
}

/** Three minor releases of two lines each. The second consumer accepts the first api too, so that it can go first. */
export function components(): Record<string, string> {
  const files: Record<string, string> = { 'catalog/greeting/1.0.0.yaml': greeting };
  for (const line of [1, 2]) {
    for (const minor of [0, 1, 2]) {
      const version = `${line}.${minor}.0`;
      files[`catalog/api/${version}.yaml`] = component('api', version);
      files[`catalog/worker/${version}.yaml`] = component('worker', version);
      files[`catalog/web/${version}.yaml`] = component('web', version, {
        dependencies: `{ api: { type: service, component: api, version: ">=1 <${line + 1}" } }`,
        env: ', API: "${relationships.api.endpoint.url}"',
      });
    }
  }
  return files;
}

function component(
  name: string,
  version: string,
  { dependencies = '{}', env = '' }: { readonly dependencies?: string; readonly env?: string } = {},
): string {
  return `apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}
provider: process
artifacts: [services/app.mjs]
parameters: { type: object, properties: { note: { type: string, default: none } } }
configuration:
  command: [node, services/app.mjs]
  env: { PORT: "\${instance.port}", VERSION: ${version}, NOTE: "\${configuration.note}"${env} }
dependencies: ${dependencies}
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: /healthz }, interval: 100ms, timeout: 5s, healthyAfter: 1, unhealthyAfter: 3 }
timeouts: { create: 20s, start: 20s, stop: 20s, destroy: 20s }
`;
}

const greeting = `apiVersion: heliostat/v1
kind: Component
name: greeting
version: 1.0.0
provider: file
parameters: { type: object, properties: { text: { type: string, default: none } } }
configuration:
  files: { greeting.txt: "\${configuration.text}\\n" }
endpoint: { path: "\${instance.address}" }
`;
