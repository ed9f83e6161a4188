import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCodes } from '../src/core/base/codes.js';
import { bundlePrograms } from './support/bundle.js';
import { gitEnvironment, makeLastingFolder, removeFolder } from './support/git.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
/** Examples in fences are no prose: what looks like a link in them is none. */
const proseOf = (page: string): string => textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** As GitHub makes them from headings. */
function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages', () => {
  it.each(pages)('of %s lead to files and headings that exist', (page) => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('name only codes that Heliostat knows, so that `explain` answers for each', () => {
    const known = new Set(allCodes());
    const areas = new Set([...known].map((code) => code.split('.')[0]));
    // Kinds of entries and keys of the model have the same form.
    const entries = ['entries.ts', 'domain.ts'].map((file) => textOf(`src/core/rollout/${file}`)).join('');
    const kinds = new Set([...entries.matchAll(/kind: '([^']+)'/g)].map(([, kind]) => kind));
    const keys =
      /^(?:health\.(?:http|tcp|command|interval|timeout|healthyAfter|unhealthyAfter)|gateway\.ports|remote\.(?:token|pollInterval|depth)|webhook\.secret|forge\.(?:kind|repository|api|token|app|reverts|otherPlan|comments|trusts))$/;
    const unknown = pages.flatMap((page) =>
      [...proseOf(page).matchAll(/`([a-z]+\.[a-zA-Z]+)`/g)]
        .map(([, word = '']) => word)
        .filter((word) => areas.has(word.split('.')[0] ?? '') && !known.has(word))
        .filter((word) => !kinds.has(word) && !keys.test(word) && !/\.(ts|js|mjs|md|json|ya?ml)$/.test(word))
        .map((word) => `${page}: ${word}`),
    );
    expect(unknown).toEqual([]);
  });

  it('name only verbs that the command line has', () => {
    const reference = textOf('docs/cli.md');
    const verbs = new Set([...reference.matchAll(/^## (?:heliostat )?([a-z]+)/gm)].map(([, verb]) => verb));
    // The generated pages are held to the program elsewhere.
    const written = pages.filter((page) => page !== 'docs/cli.md' && page !== 'docs/diagnostics.md');
    const unknown = written.flatMap((page) =>
      [...textOf(page).matchAll(/(?:^\$? ?|`)(?:npx )?heliostat ([a-z]+)/gm)]
        .map(([, verb = '']) => verb)
        .filter((verb) => !verbs.has(verb) && verb !== 'help' && verb !== 'journal')
        .map((verb) => `${page}: heliostat ${verb}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the first steps of the README', () => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    folder = makeLastingFolder('readme-');
    mkdirSync(join(folder, 'work'));
    program = join(await bundlePrograms(), 'heliostat.js');
  }, 60_000);
  afterAll(() => removeFolder(folder));

  it('work in an empty folder and end as they say, since they are the first that anybody types', () => {
    const block =
      /^## Five minutes\n[\s\S]*?^```console\n([\s\S]*?)^```$/m.exec(textOf('README.md'))?.[1] ?? '';
    const lines = block.split('\n').filter((line) => line.startsWith('$ '));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    let at = join(folder, 'work');
    for (const line of lines) {
      const command = line.slice(2).replace(/\s+#.*$/, '');
      const expected = Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0);
      if (command.startsWith('cd ')) {
        at = join(at, command.slice(3));
        continue;
      }
      const shell = command.replace(/^npx heliostat/, `"${process.execPath}" "${program}"`);
      const ended = spawnSync('sh', ['-c', shell], { cwd: at, env: environment(), encoding: 'utf8' });
      expect({ command, code: ended.status, said: ended.stderr }).toMatchObject({ command, code: expected });
    }
  }, 60_000);

  function environment(): NodeJS.ProcessEnv {
    return { ...gitEnvironment(), HOME: folder, TMPDIR: folder, NO_COLOR: '1' };
  }
});
