import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stage, until, verdict, type Stage } from '../support/heliostat.js';
import { elementDocument, solutionDocument } from '../support/scenario/memory.js';
import { domainFile, solution } from '../support/scenario/model.js';

const within = 60_000;
const page = 'catalog/page/1.0.0.yaml';
const component = `apiVersion: heliostat/v1
kind: Component
name: page
version: 1.0.0
provider: file
configuration:
  files: { page.conf: "greeting = hello\\n" }
endpoint: { path: "\${instance.address}" }
`;
const elements = solution('shop', {
  auto: '{ component: page, version: 1.0.0 }',
  report: '{ component: page, version: 1.0.0, repair: report }',
  hold: '{ component: page, version: 1.0.0, repair: hold }',
});

test(
  'a rendered file that was edited by hand is written again where repair is auto, and only told where it is report or hold',
  async () => {
    const s = await stage({ 'heliostat.yaml': domainFile(), [page]: component, ...elements });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const files = ['auto', 'report', 'hold'].map((name) => fileOf(s, name));
    const [auto, report, hold] = files as [string, string, string];
    for (const file of files) expect(readFileSync(file, 'utf8')).toBe('greeting = hello\n');

    for (const file of files) writeFileSync(file, 'greeting = bonjour\n');
    await until('the file is as it was', () => readFileSync(auto, 'utf8') === 'greeting = hello\n');
    await until('the two others are told of', () => driftsOf(s).length === 2);
    expect(driftsOf(s).map((message) => message.split(':')[0])).toEqual(['hold', 'report']);
    // Longer than a whole round of looks: nothing is done to them meanwhile.
    await sleep(1_000);
    for (const file of [report, hold]) expect(readFileSync(file, 'utf8')).toBe('greeting = bonjour\n');
    expect((await s.call('status')).code, 'not as it should be').toBe(2);

    const resumed = await s.call('resume', 'shop/report', '--reason', 'nobody wants it that way');
    expect(resumed.code, resumed.stderr).toBe(0);
    await until('a person had it repaired', () => readFileSync(report, 'utf8') === 'greeting = hello\n');
    writeFileSync(hold, 'greeting = hello\n');
    await until('nothing differs any more', () => driftsOf(s).length === 0);
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

function fileOf(s: Stage, element: string): string {
  const folder = elementDocument(s.repository, 'test', `shop/${element}`)?.clusters[0]?.instances[0]
    ?.resource;
  return join(folder ?? '', 'page.conf');
}

function driftsOf(s: Stage): string[] {
  const conditions = solutionDocument(s.repository, 'test', 'shop')?.conditions ?? [];
  return conditions.filter(({ type }) => type === 'drift').map(({ message }) => message);
}
