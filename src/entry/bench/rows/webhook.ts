import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Row } from '../bench.js';
import { newFolder } from '../bench.js';
import { Daemon } from '../daemon.js';
import type { Finding } from '../finding.js';
import { serveGit } from '../git-server.js';
import { median } from '../measure.js';
import { changedFile, modelFiles, type ModelShape } from '../model.js';
import { recorded } from '../recorded.js';
import { git, makeRepository } from '../sandbox.js';

const secret = 'of-the-bench';
const shape: ModelShape = { elements: 50, layout: 'independent' };
/** The first ones warm the daemon up and do not count. */
const warmUp = 3;
const counted = 30;

export const webhookRow: Row = {
  name: 'webhook',
  about: 'a push to a remote, from its webhook to the first transition, daemon running',
  measure: webhook,
};

async function webhook(bench: Bench): Promise<Finding[]> {
  const root = newFolder(bench, 'webhook');
  const { bare, revisions } = await remoteIn(root, warmUp + (bench.quick ? counted : 2 * counted));
  const server = await serveGit(root, 'model.git');
  const stateFolder = join(root, 'state');
  const config = configIn(root, stateFolder);
  try {
    const daemon = await Daemon.start(bench, root, {
      args: ['--repo', server.url, '--config', config],
      stateDir: join(stateFolder, 'state', 'bench'),
    });
    try {
      return findings(await pushAll(daemon, bare, revisions));
    } finally {
      await daemon.end();
    }
  } finally {
    await server.close();
  }
}

/** A bare repository whose `main` has the first commit; the others are there and wait to be pushed. */
async function remoteIn(
  root: string,
  count: number,
): Promise<{ readonly bare: string; readonly revisions: readonly string[] }> {
  let files: ReadonlyMap<string, string> = modelFiles(shape);
  const commits = [files];
  for (let i = 0; i < count; i++) {
    // Up in a first round, and down in the second: each is a change.
    const version = Math.floor(i / shape.elements) % 2 === 0 ? '1.1.0' : '1.0.0';
    const { path, text } = changedFile(shape, files, i % shape.elements, version);
    files = new Map([...files, [path, text]]);
    commits.push(new Map([[path, text]]));
  }
  const work = join(root, 'work');
  const [first = '', ...revisions] = await makeRepository(work, commits);
  const bare = join(root, 'model.git');
  git(root, 'init', '-q', '--bare', '-b', 'main', bare);
  git(bare, 'config', 'http.receivepack', 'true');
  git(work, 'push', '-q', bare, `${first}:refs/heads/main`, 'next:refs/heads/next');
  return { bare, revisions };
}

function configIn(root: string, stateFolder: string): string {
  mkdirSync(stateFolder, { mode: 0o700 });
  const secretFile = join(root, 'secret');
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const config = join(root, 'operator.yaml');
  const settings = {
    controller: 'bench',
    stateFolder,
    // So that it is the webhook that is measured.
    remote: { pollInterval: '1h' },
    webhook: { listen: '127.0.0.1:0', secret: `file:${secretFile}` },
  };
  writeFileSync(config, JSON.stringify(settings));
  return config;
}

/** From the POST of each webhook to the first transition that it leads to, in milliseconds. */
async function pushAll(daemon: Daemon, bare: string, revisions: readonly string[]): Promise<number[]> {
  const hook = /webhooks are heard at (\S+)/.exec(daemon.said)?.[1];
  if (hook === undefined) throw new Error(`the daemon hears no webhooks: ${daemon.said}`);
  const times: number[] = [];
  for (const [i, revision] of revisions.entries()) {
    git(bare, 'update-ref', 'refs/heads/main', revision);
    const [begun, applied, written] = [
      daemon.next('operation.begun'),
      daemon.applied(revision),
      daemon.next('status.written'),
    ];
    const startedAt = performance.now();
    await tell(hook, revision);
    await begun;
    if (i >= warmUp) times.push(performance.now() - startedAt);
    await applied;
    await written;
  }
  return times;
}

async function tell(hook: string, revision: string): Promise<void> {
  const body = JSON.stringify({ ref: 'refs/heads/main', after: revision });
  const { status } = await fetch(hook, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  if (status !== 202) throw new Error(`the webhook was answered by ${status}`);
}

function findings(times: readonly number[]): Finding[] {
  const sorted = [...times].sort((a, b) => a - b);
  const p99 = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
  const work = 'webhook of a push to the first transition';
  return [
    {
      work: `${work}, p50`,
      ours: { value: median(times), unit: 'ms' },
      peer: recorded.fluxInterval,
      goal: { text: '–' },
      note: `${times.length} pushes, over smart HTTP on this machine, one of 50 elements changed; beside the time between two looks of those that poll: Argo CD 120 to 180 s, Flux 60 s, PipeCD 60 s (Argo CD and Flux can be told by a webhook, too)`,
    },
    {
      work: `${work}, p99`,
      ours: { value: p99, unit: 'ms' },
      peer: recorded.argoInterval,
      goal: { text: '–' },
    },
  ];
}
