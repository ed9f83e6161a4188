import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent, type GitFailure } from './failure.js';
import type { Layout } from './layout.js';

const known = new Set([
  'noop',
  'noop-v1',
  'preciousobjects',
  'partialclone',
  'worktreeconfig',
  'relativeworktrees',
]);

/** Null if this repository can be read and written here; else why not. */
export async function unsupported(layout: Layout, hasGit: boolean): Promise<GitFailure | null> {
  const { config } = layout;
  const hash = config.get('extensions.objectformat') ?? 'sha1';
  if (hash !== 'sha1') return refusal(`its object format is ${hash}`, 'sha1');
  const storage = config.get('extensions.refstorage') ?? 'files';
  if (storage !== 'files') return refusal(`its references are stored as ${storage}`, 'files');
  if ((config.get('core.repositoryformatversion') ?? '0') !== '0') {
    const strange = strangeExtension(config.keys());
    if (strange !== null) return refusal(`it uses the extension ${strange}`, 'none');
  }
  if (!hasGit && (await hasAlternates(layout.commonDir))) return needsGit;
  return null;
}

function strangeExtension(keys: Iterable<string>): string | null {
  for (const key of keys) {
    const name = key.startsWith('extensions.') ? key.slice('extensions.'.length) : null;
    if (name !== null && !known.has(name) && !['objectformat', 'refstorage'].includes(name)) return name;
  }
  return null;
}

function refusal(reason: string, wanted: string): GitFailure {
  const fixes: Record<string, string> = {
    sha1: 'Clone or convert the model into a repository made with `git init --object-format=sha1`.',
    files: 'Run `git refs migrate --ref-format=files`.',
    none: 'Use a repository made by `git init` without that extension.',
  };
  return {
    code: 'git.unsupported',
    message: `Heliostat cannot read this repository: ${reason}`,
    fix: fixes[wanted]!,
  };
}

const needsGit: GitFailure = {
  code: 'git.unsupported',
  message:
    'this repository borrows objects from another one (objects/info/alternates), which only git can read',
  fix: 'Install git, or run `git repack -a -d` and remove objects/info/alternates.',
};

async function hasAlternates(commonDir: string): Promise<boolean> {
  try {
    const text = await readFile(join(commonDir, 'objects', 'info', 'alternates'), 'utf8');
    return text.trim() !== '';
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
