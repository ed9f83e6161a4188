import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { git } from '../../support/git.js';
import { githubStory, part, shop } from '../../support/github-story.js';
import { until } from '../../support/heliostat.js';

const within = 120_000;
const slow = 'configuration: { delay: 300ms }\n';

interface Thing {
  readonly id: string;
  readonly owner: string;
  readonly state: string;
}

/** What the pretended world has now, and each instance as often as it was made, in order. */
function pretended(file: string): { readonly there: readonly Thing[]; readonly made: readonly string[] } {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const there = new Map<string, Thing>();
  const made: string[] = [];
  for (const line of lines.filter((text) => text.endsWith('}'))) {
    const change = JSON.parse(line) as Thing | { readonly gone: string };
    if ('gone' in change) there.delete(change.gone);
    else {
      if (!there.has(change.owner)) made.push(change.id);
      there.set(change.owner, change);
    }
  }
  return { there: [...there.values()], made };
}

test(
  'a runner that is killed in mid-apply leaves nothing behind that the next one does not end, and nothing exists twice',
  { timeout: within },
  async () => {
    const story = await githubStory({ ...part('1.0.0', slow), ...shop('1.0.0', 4) });
    const { server, world } = story;
    const killed = story.step({ command: 'apply', event: 'push', sha: story.tip() });
    // Its first instance exists: the intents are on the branch, and the runner is gone for good.
    await until('the first instance', () => pretended(world).made.length > 0, 60_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(git(server.folder, 'ls-tree', '-r', '--name-only', 'heliostat/status')).toContain('prod/intents/');

    const next = await story.apply();
    expect(next.code, next.log).toBe(0);
    expect(next.outputs['verdict']).toBe('applied');
    const status = await story.apply({}, 'drift');
    expect(status.code, status.log).toBe(0);
    const { there, made } = pretended(world);
    expect(there.map(({ state }) => state)).toEqual(['active', 'active', 'active', 'active']);
    expect([...made].sort(), 'made once each').toEqual(there.map(({ id }) => id).sort());
    const document = git(server.folder, 'show', 'heliostat/status:prod/solutions/shop/elements/web.yaml');
    expect(document.match(/state: active/g)?.length).toBeGreaterThanOrEqual(4);
  },
);
