import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect, test } from 'vitest';
import { gitIn, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { documentAt, documentPaths, noteOf, statusBranch } from '../support/scenario/memory.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const schemaFolder = fileURLToPath(new URL('../../schemas/status/', import.meta.url));
const within = 60_000;

test(
  'the status branch only grows in a line, its documents keep to their schemas, and notes give each revision its verdict',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    const first = s.tip();
    const daemon = await s.run();
    await verdict(s, first, 'applied');
    // Longer than the status ever waits: nothing more is said where nothing more happens.
    const said = statusCommits(s);
    await sleep(1_500);
    const grown = [statusCommits(s)];
    expect(grown).toEqual([said]);

    // Two commits pushed together: only the tip is enacted.
    const [between, tip] = commitBoth(s, web('1.0.0', 3), web('1.1.0', 1));
    await verdict(s, tip, 'applied');
    grown.push(statusCommits(s));
    const broken = s.commit({ ...web('7.7.7', 1) });
    await verdict(s, broken, 'rejected');
    const slow = s.commit({ ...app('web', '1.2.0', { health: 'bad' }), ...web('1.2.0', 1) });
    await verdict(s, slow, 'progressing');
    grown.push(statusCommits(s));
    const overtaking = s.commit(web('1.1.0', 1));
    await verdict(s, overtaking, 'applied');
    expect((await s.call('pause', 'shop', '--for', '1h', '--reason', 'a look')).code).toBe(0);
    const remembered = (): string => gitIn(s, 'show', `${statusBranch}:test/memory.yaml`);
    await until('the pause is written', () => remembered().includes('pauses:'));
    await daemon.end('SIGTERM');
    grown.push(statusCommits(s));

    expect(noteOf(s.repository, 'test', first)).toBe('applied');
    expect(noteOf(s.repository, 'test', between)).toMatch(/^superseded/);
    expect(noteOf(s.repository, 'test', broken)).toMatch(/^rejected/);
    expect(noteOf(s.repository, 'test', slow)).toMatch(/^superseded/);
    for (const [earlier, later] of pairs(grown)) expect(later.slice(0, earlier.length)).toEqual(earlier);
    expect(gitIn(s, 'rev-list', '--min-parents=2', statusBranch)).toBe('');
    expect(gitIn(s, 'rev-list', '--max-parents=0', statusBranch).split('\n')).toHaveLength(1);
    const trees = gitIn(s, 'log', '--format=%T', statusBranch).split('\n');
    expect(
      trees.filter((tree, i) => tree === trees[i + 1]),
      'a commit says something new',
    ).toEqual([]);
    expectSchemas(s);
  },
  within,
);

/** Made on a branch aside, so that the daemon sees both at once. */
function commitBoth(s: Stage, one: Record<string, string>, two: Record<string, string>): [string, string] {
  gitIn(s, 'checkout', '-q', '-b', 'aside');
  const between = s.commit(one);
  const tip = s.commit(two);
  gitIn(s, 'update-ref', 'refs/heads/main', tip);
  gitIn(s, 'checkout', '-q', 'main');
  return [between, tip];
}

function statusCommits(s: Stage): string[] {
  return gitIn(s, 'rev-list', '--reverse', statusBranch).split('\n');
}

function pairs<T>(list: readonly T[]): (readonly [T, T])[] {
  return list.slice(1).map((later, i) => [list[i] as T, later] as const);
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^test\/controller\.yaml$/, 'controller'],
  [/^test\/memory\.yaml$/, 'memory'],
  [/^test\/revisions\/[0-9a-f]{2}\/[0-9a-f]{40}\.yaml$/, 'revision'],
  [/^test\/releases\/[a-z]+\.yaml$/, 'releases'],
  [/^test\/solutions\/[a-z]+\/solution\.yaml$/, 'solution'],
  [/^test\/solutions\/[a-z]+\/elements\/[a-z]+\.yaml$/, 'element'],
  [/^test\/rollouts\/\d{4}\/\d{2}\/[0-9a-z-]+\.yaml$/, 'rollout'],
];

/** Every document of every commit, those in the middle of a rollout too. */
function expectSchemas(s: Stage): void {
  const validators = strictValidators();
  const seen = new Set<string>();
  for (const commit of statusCommits(s)) {
    for (const path of documentPaths(s.repository, commit)) {
      if (path.endsWith('README.md')) continue;
      const kind = kinds.find(([pattern]) => pattern.test(path))?.[1];
      const validate = kind === undefined ? undefined : validators.get(kind);
      if (kind === undefined || validate === undefined) throw new Error(`${path} has no schema`);
      validate(documentAt(s.repository, path, commit));
      expect(validate.errors ?? [], `${path} at ${commit}`).toEqual([]);
      seen.add(kind);
    }
  }
  expect([...seen].sort()).toEqual([...validators.keys()].sort());
}

/** Documents may gain keys in a later version; those of this one are all described. */
function strictValidators(): Map<string, ValidateFunction> {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    formats: { 'date-time': isTime },
  });
  const files = readdirSync(schemaFolder);
  return new Map(
    files.map((file) => {
      const schema = JSON.parse(readFileSync(join(schemaFolder, file), 'utf8')) as object;
      return [file.replace('.schema.json', ''), ajv.compile(closed(schema) as object)];
    }),
  );
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'required' in inner && 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
}
