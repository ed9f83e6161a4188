import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { git } from '../support/git.js';
import { stage } from '../support/heliostat.js';

const model = {
  'heliostat.yaml': `apiVersion: heliostat/v1
kind: Domain
name: prod
defaults:
  rollout: { minHealthyTime: 0s, drainDelay: 0s }
`,
  'catalog/page/1.0.0.yaml': page('1.0.0'),
  'catalog/page/1.1.0.yaml': page('1.1.0'),
  'solutions/site.yaml': site('1.0.0'),
};

it(
  'a runner whose state folder is gone each time: the next one knows what was done, and writes nothing where nothing is to do',
  { timeout: 60_000 },
  async () => {
    const s = await stage(model);
    const config = join(s.folder, 'operator.yaml');
    const apply = () => s.call('apply', '--yes', '--config', config);
    const tip = (): string => git(s.repository, 'rev-parse', 'heliostat/status');
    const lose = (): void => rmSync(join(s.repository, '.heliostat/state'), { recursive: true });

    writeFileSync(config, 'controller: ci\ndurable: sometimes\n');
    const refused = await apply();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('durable is neither true nor false');
    writeFileSync(config, 'controller: ci\ndurable: false\n');
    expect(await apply()).toMatchObject({ code: 0 });
    expect(git(s.repository, 'show', 'heliostat/status:prod/intents/1/1.yaml')).toContain(
      'create prod/site/page/1.0.0~',
    );

    const told = tip();
    lose();
    expect(await apply()).toMatchObject({ code: 0 });
    expect(tip()).toBe(told);

    lose();
    s.commit({ 'solutions/site.yaml': site('1.1.0') });
    expect(await apply()).toMatchObject({ code: 0 });
    const log = git(s.repository, 'log', '--format=%s', `${told}..heliostat/status`).split('\n');
    expect(log.filter((subject) => subject.includes('create'))).toHaveLength(1);
    const said = git(s.repository, 'show', 'heliostat/status:prod/solutions/site/elements/page.yaml');
    expect(said).toContain('id: prod/site/page/1.1.0~');
    expect(said).not.toContain('id: prod/site/page/1.0.0~');
  },
);

function page(version: string): string {
  return `apiVersion: heliostat/v1
kind: Component
name: page
version: ${version}
provider: file
configuration:
  files: { page.txt: "page ${version}" }
endpoint: { path: "\${instance.address}" }
`;
}

function site(version: string): string {
  return `apiVersion: heliostat/v1
kind: Solution
name: site
elements:
  page: { component: page, version: ${version} }
`;
}
