import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { giteaTypes } from '../../../scripts/openapi.mjs';
import { giteaForge } from '../../../src/adapters/forge/gitea/index.js';
import type { Revision } from '../../../src/core/base/names.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { fakeGitea, type Sample } from '../../support/forge/gitea.js';
import { quick, value } from './contract.js';

const here = '/repos/{owner}/{repo}';

/** What Gitea takes and gives, by the types that were made of its own description: [request, reply]. */
const typesOf: Readonly<Record<string, readonly [string | null, string | null]>> = {
  'GET /user': [null, 'User'],
  [`GET ${here}`]: [null, 'Repository'],
  [`GET ${here}/issues/{index}/comments`]: [null, 'Comment[]'],
  [`POST ${here}/issues/{index}/comments`]: ['CreateIssueCommentOption', 'Comment'],
  [`PATCH ${here}/issues/comments/{id}`]: ['EditIssueCommentOption', 'Comment'],
  [`DELETE ${here}/issues/comments/{id}`]: [null, null],
  [`GET ${here}/commits/{ref}/status`]: [null, 'CombinedStatus'],
  [`POST ${here}/statuses/{sha}`]: ['CreateStatusOption', 'CommitStatus'],
  [`GET ${here}/commits/{sha}/pull`]: [null, 'PullRequest'],
  [`GET ${here}/pulls`]: [null, 'PullRequest[]'],
  [`POST ${here}/pulls`]: ['CreatePullRequestOption', 'PullRequest'],
  [`GET ${here}/compare/{basehead}`]: [null, 'Compare'],
  [`GET ${here}/pulls/{index}`]: [null, 'PullRequest'],
  [`PATCH ${here}/pulls/{index}`]: ['EditPullRequestOption', 'PullRequest'],
  [`GET ${here}/labels`]: [null, 'Label[]'],
  [`POST ${here}/labels`]: ['CreateLabelOption', 'Label'],
  [`POST ${here}/issues/{index}/labels`]: ['IssueLabelsOption', 'Label[]'],
};

const missing =
  "Gitea's description of its API is missing, so the fake Gitea was not held against it. Get it: node scripts/openapi.mjs";

/** Every route, once and with something in it. */
async function exchanges(): Promise<ReadonlyMap<string, Sample>> {
  const hub = await fakeGitea({ owner: 'acme', name: 'shop' });
  onTestFinished(() => hub.close());
  const token = hub.token('bot');
  const forge = giteaForge({
    repository: { owner: 'acme', name: 'shop' },
    apiUrl: hub.url,
    webUrl: 'https://gitea.example.com',
    token: () => Promise.resolve(token),
    redact: redactorOf([]),
    waiting: quick,
  });
  const sha = 'b'.repeat(40) as Revision;
  const number = await hub.openPullRequest({ head: 'raise', sha });
  hub.branch('revert', 'c'.repeat(40));
  hub.say(number, 'bot', '<!-- m -->\nfirst');
  hub.say(number, 'bot', '<!-- m -->\nsecond');
  for (const text of ['a', 'b']) value(await forge.writeComment(number, '<!-- m -->', `<!-- m -->\n${text}`));
  value(await forge.writeComment(number, '<!-- n -->', '<!-- n -->'));
  for (const state of ['pending', 'success'] as const)
    value(await forge.writeStatus(sha, { context: 'heliostat/prod', state, description: '', url: null }));
  const proposal = { head: 'revert', base: 'main', title: 'Revert', body: '', labels: ['one'] };
  value(await forge.propose(proposal));
  value(await forge.propose({ ...proposal, title: 'Revert it', labels: ['one', 'two'] }));
  value(await forge.abilities());
  value(await forge.pullRequest(number));
  hub.merge(number, sha);
  value(await forge.pullRequestsOf(sha));
  return hub.samples;
}

/** A program in which each request and each reply is a literal of its type: a field that Gitea lacks is an error. */
function programOf(samples: ReadonlyMap<string, Sample>): string {
  const lines = [...samples].flatMap(([operation, { request, reply }], i) => {
    const [takes = null, gives = null] = typesOf[operation] ?? [];
    return [
      ...(takes === null ? [] : [`export const request${i}: gitea.${takes} = ${JSON.stringify(request)};`]),
      ...(gives === null ? [] : [`export const reply${i}: gitea.${gives} = ${JSON.stringify(reply)};`]),
    ].map((line) => `${line} // ${operation}`);
  });
  return [`import type * as gitea from '${giteaTypes.replace('.d.mts', '.mjs')}';`, ...lines].join('\n');
}

function errorsOf(program: string): string[] {
  const file = join(giteaTypes, '../exchanges.mts');
  const options: ts.CompilerOptions = {
    noEmit: true,
    skipLibCheck: true,
    // Go writes null where there is nothing, and the types do not say so.
    strict: false,
    strictNullChecks: false,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? program : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, program, rest[0]) : getSourceFile(name, ...rest);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  const lines = program.split('\n');
  return found.map(({ messageText, start = 0 }) => {
    const line = lines[program.slice(0, start).split('\n').length - 1] ?? '';
    return `${line.split(' // ').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

describe("Gitea's own description of its API", () => {
  it('fits every request that we make and every answer of the fake', async (context) => {
    const samples = await exchanges();
    expect([...samples.keys()].sort()).toEqual(Object.keys(typesOf).sort());
    if (!existsSync(giteaTypes)) {
      if (process.env['HELIOSTAT_REQUIRE_ALL'] === '1') throw new Error(missing);
      context.skip(missing);
    }
    expect(errorsOf(programOf(samples))).toEqual([]);
    // It does find what does not fit.
    const wrong = programOf(samples).replace('"html_url"', '"htmlUrl"');
    expect(errorsOf(wrong).join()).toContain('htmlUrl');
  });
});
