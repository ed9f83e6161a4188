/** Where a new model repository lies, and what its environment is called. */
export interface Scaffold {
  readonly domain: string;
  /** From the repository's root to the new folder, `''` or ending in `/`: paths in models start at the root. */
  readonly prefix: string;
}

const schemas = 'schemas';

/** Path → content of everything that `init` writes, schemas aside. Comments teach; remove them at will. */
export function templates(scaffold: Scaffold): ReadonlyMap<string, string> {
  return new Map([
    ['heliostat.yaml', domainFile(scaffold)],
    ['catalog/web/1.0.0.yaml', componentFile(scaffold, '1.0.0', 'Hello')],
    ['catalog/web/1.1.0.yaml', componentFile(scaffold, '1.1.0', 'Hello again')],
    ['services/web/server.mjs', server],
    ['solutions/hello.yaml', solution],
  ]);
}

/** Tells editors which schema completes and checks the file. */
function modeline(depth: number, kind: string): string {
  return `# yaml-language-server: $schema=${'../'.repeat(depth)}${schemas}/${kind}.schema.json`;
}

function domainFile({ domain }: Scaffold): string {
  return `${modeline(0, 'domain')}
# One environment. These times are short, so that you see something at once; take longer ones for real traffic.
apiVersion: heliostat/v1
kind: Domain
name: ${domain}
defaults:
  rollout:
    minHealthyTime: 2s
    healthyDeadline: 30s
    progressDeadline: 1m
    drainDelay: 1s
`;
}

function componentFile({ prefix }: Scaffold, version: string, greeting: string): string {
  const script = `${prefix}services/web/server.mjs`;
  return `${modeline(2, 'component')}
# One release of a building block. Once a commit with it was applied it never changes: make another version.
apiVersion: heliostat/v1
kind: Component
name: web
version: ${version}
provider: process
artifacts: [${quoted(script)}]
parameters:
  type: object
  properties:
    greeting: { type: string, default: ${greeting} }
configuration:
  command: [node, ${quoted(script)}]
  env:
    VERSION: ${version}
    GREETING: "\${configuration.greeting}"
    HOST: "\${instance.address}"
    PORT: "\${instance.port}"
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: /healthz }, interval: 500ms, timeout: 1s, healthyAfter: 1, unhealthyAfter: 3 }
timeouts: { create: 30s, start: 30s, stop: 10s, destroy: 30s }
`;
}

/** A folder's name may hold anything; JSON's strings are YAML's. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : JSON.stringify(path);
}

const solution = `${modeline(1, 'solution')}
# What runs. Change a line, commit, apply: a rollout. Revert the commit: a rollback.
apiVersion: heliostat/v1
kind: Solution
name: hello
elements:
  web:
    component: web
    version: 1.0.0
    size: 2
    expose: { port: auto }
`;

const server = `// Answers every request with a greeting; /healthz tells that it is well.
import { createServer } from 'node:http';

const { HOST, PORT, GREETING, VERSION } = process.env;

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(request.url === '/healthz' ? 'ok\\n' : \`\${GREETING} from web \${VERSION}, process \${process.pid}\\n\`);
});

server.listen(Number(PORT), HOST, () => console.log(\`web \${VERSION} listens on \${HOST}:\${PORT}\`));

// Answers what was asked already, then ends.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;
