import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GitError, openRepository, type Repository } from '../../src/adapters/git/index.js';
import { isOid } from '../../src/adapters/git/oid.js';
import { canonicalJson } from '../../src/core/base/data.js';
import type { Revision } from '../../src/core/base/names.js';
import type { Version } from '../../src/core/base/version.js';
import type { AcceptedModel } from '../../src/core/graph/model.js';
import { readText } from '../../src/core/model/text.js';
import { load } from '../../src/engine/load/load.js';
import type { Loaded } from '../../src/engine/load/types.js';
import { cancelSource } from '../../src/ports/clock.js';
import { commitFiles, initRepository, makeLastingFolder, removeFolder } from '../support/git.js';
import { noop } from '../support/model-repository.js';
import { showed } from '../support/promises.js';
import {
  byteEdit,
  commitEdit,
  refText,
  treeEdit,
  treeOf,
  writeObject,
  type Damage,
  type Entry,
} from './fuzz/objects.js';
import { fuzz, tryMany } from './fuzz/runs.js';
import { richModel } from './fuzz/sound.js';

const file = 'test/hostile/generated-git.test.ts';
const folder = initRepository(makeLastingFolder('hostile-'));
const gitDir = join(folder, '.git');
const tip = commitFiles(folder, richModel, 'A sound model');
const opened: Repository[] = [];
afterAll(async () => {
  await Promise.all(opened.map((repository) => repository.close()));
  removeFolder(folder);
});

async function open(git?: null): Promise<Repository> {
  const found = await openRepository(folder, git === undefined ? {} : { git });
  if ('failure' in found) throw new Error(found.failure.message);
  opened.push(found.ok);
  return found.ok;
}

function judge({ source }: Repository, revision: string, base: AcceptedModel | null): Promise<Loaded> {
  const read = (bytes: Uint8Array): ReturnType<typeof readText> => readText(bytes);
  return load(
    {
      source,
      reader: {
        read: (texts) => Promise.resolve(texts.map(({ bytes }) => read(bytes))),
        close: () => Promise.resolve(),
      },
    },
    {
      from: { kind: 'revision', revision: revision as Revision },
      base,
      ledger: new Map(),
      manifests: noop,
      secretStatus,
      previousTip: null,
      programVersion: '0.1.0' as Version,
      domain: { kind: 'only' },
      cancel: cancelSource().cancel,
    },
  );
}
const secretStatus = (): 'missing' => 'missing';

/** What a load says, or that the world failed and how it says so. */
async function said(work: Promise<Loaded>): Promise<string> {
  try {
    const loaded = await work;
    if (!('validation' in loaded)) return loaded.kind;
    const { accepted, diagnostics } = loaded.validation;
    expect(diagnostics.every(({ fix }) => /\S/.test(fix))).toBe(true);
    const message = diagnostics.find((each) => each.message.length > 2_000)?.message;
    expect(message, 'no endless message').toBeUndefined();
    return canonicalJson({ accepted, diagnostics } as never);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    expect(error.fix).toMatch(/\S/);
    return error.code;
  }
}

const damages: readonly Damage[] = [
  'none',
  'none',
  'none',
  'none',
  'torn',
  'empty',
  'garbage',
  'otherType',
  'otherSize',
  'missing',
];

describe('any Git object at all', () => {
  const title = 'in the tree of a commit is judged, with git as without it, from the change as from nothing';
  it(title, { timeout: 600_000 }, async (context) => {
    const [withGit, without] = [await open(), await open(null)];
    const sound = await judge(withGit, tip, null);
    if (sound.kind !== 'loaded') throw new Error('the sound model is not');
    const root = await entriesOf(withGit, tip, '');
    const parts = Object.fromEntries(
      await Promise.all(
        ['solutions', 'catalog'].map(async (name) => [name, await entriesOf(withGit, tip, name)] as const),
      ),
    );
    const oids = [...root, ...Object.values(parts).flat()].map(({ oid }) => oid);
    const { numRuns, seed } = fuzz(0.12);
    const outcomes: string[] = [];
    const made = fc.record({
      part: fc.constantFrom('', 'solutions', 'catalog'),
      edit: fc.array(treeEdit, { maxLength: 3 }),
      bytes: fc.option(byteEdit, { freq: 3 }),
      line: fc.option(commitEdit, { freq: 4 }),
      damage: fc.constantFrom(...damages),
      salt: fc.nat(),
    });
    const property = fc.asyncProperty(made, async ({ part, edit, bytes, line, damage, salt }) => {
      // An object that was read is remembered by its id; damage needs one of its own.
      const marked: Entry = { mode: '100644', name: `salt-${salt}`, oid: oids[0] ?? '' };
      let entries = [...((part === '' ? root : parts[part]) ?? []), marked];
      for (const change of edit) entries = change(entries, oids);
      const tree = bytes?.(treeOf(entries)) ?? treeOf(entries);
      const treeOid = writeObject(gitDir, { type: 'tree', bytes: tree }, damage);
      const top =
        part === ''
          ? treeOid
          : writeObject(gitDir, {
              type: 'tree',
              bytes: treeOf(root.map((entry) => (entry.name === part ? { ...entry, oid: treeOid } : entry))),
            });
      const plain = Buffer.from(
        `tree ${top}\nparent ${tip}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nsubject\n`,
      );
      const commit = writeObject(gitDir, { type: 'commit', bytes: line?.(plain) ?? plain });
      const whole = await said(judge(withGit, commit, null));
      outcomes.push(whole);
      expect(await said(judge(withGit, commit, sound.model)), 'from the change as from nothing').toBe(whole);
      expect(await said(judge(without, commit, null)), 'without git as with it').toBe(whole);
      if (damage !== 'none')
        rmSync(join(gitDir, 'objects', treeOid.slice(0, 2), treeOid.slice(2)), { force: true });
    });
    await tryMany(property, { numRuns, seed }, { file, title });
    // Where all end alike, one check before all others hides what would be found behind it.
    const share = (pattern: RegExp): number => outcomes.filter((text) => pattern.test(text)).length / numRuns;
    expect(share(/"accepted":true/)).toBeGreaterThan(0.02);
    expect(share(/"accepted":false/)).toBeGreaterThan(0.02);
    expect(share(/^unavailable/)).toBeGreaterThan(0.02);
    showed(context, { hostileInputs: numRuns });
  });
});

describe('any reference at all', () => {
  const title = 'loose, packed or symbolic, leads to a commit or to nothing, and never out of the repository';
  it(title, { timeout: 600_000 }, async (context) => {
    const repository = await open(null);
    const { numRuns, seed } = fuzz(0.18);
    const made = fc.record({
      where: fc.constantFrom('refs/heads/a', 'refs/heads/x/y', 'packed-refs', 'HEAD', 'refs/heads/heliostat'),
      text: refText,
      more: refText,
      asked: refText,
    });
    const head = 'ref: refs/heads/main\n';
    const property = fc.asyncProperty(made, async ({ where, text, more, asked }) => {
      const target = join(gitDir, where);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      writeFileSync(join(gitDir, 'refs/heads/b'), more);
      try {
        for (const name of [
          'refs/heads/a',
          'refs/heads/b',
          'HEAD',
          'refs/heads/heliostat/status',
          asked,
          `refs/heads/${asked}`,
        ]) {
          const found = await repository.refs.read(name);
          expect(found === null || isOid(found), name).toBe(true);
          const resolved = await repository.resolve(name);
          expect(resolved === null || isOid(resolved), name).toBe(true);
        }
        const { oid } = await repository.refs.head();
        expect(oid === null || isOid(oid)).toBe(true);
        for (const each of await repository.refs.list('refs/')) expect(isOid(each.oid), each.ref).toBe(true);
      } finally {
        rmSync(target, { force: true });
        writeFileSync(join(gitDir, 'HEAD'), head);
      }
    });
    await tryMany(property, { numRuns, seed }, { file, title });
    showed(context, { hostileInputs: numRuns });
  });
});

async function entriesOf({ source }: Repository, revision: string, path: string): Promise<Entry[]> {
  const modes = {
    blob: '100644',
    executable: '100755',
    tree: '40000',
    symlink: '120000',
    submodule: '160000',
  };
  let tree = (await source.commit(revision as Revision))?.tree ?? '';
  if (path !== '') tree = (await source.tree(tree))?.find(({ name }) => name === path)?.oid ?? '';
  return ((await source.tree(tree)) ?? []).map(({ kind, name, oid }) => ({ mode: modes[kind], name, oid }));
}
