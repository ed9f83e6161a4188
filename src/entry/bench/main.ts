import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Row } from './bench.js';
import type { Circumstances } from './document.js';
import { circumstancesText, performanceDocument } from './document.js';
import type { Finding } from './finding.js';
import { applyRow } from './rows/apply.js';
import { changeRow, fleetRow, instancesRow, singleFileRow } from './rows/change.js';
import { gatewayRow } from './rows/gateway.js';
import { blobsRow, statusCommitRow, treeDifferenceRow } from './rows/git.js';
import { journalRow, watchRow } from './rows/machine.js';
import { planRow } from './rows/plan.js';
import { standbyRow } from './rows/standby.js';
import { statusBackRow } from './rows/status-back.js';
import { webhookRow } from './rows/webhook.js';
import { wholePlanRow } from './rows/whole-plan.js';
import { textTable } from './table.js';
import { findTerraform } from './terraform.js';

const rows: readonly Row[] = [
  planRow,
  applyRow,
  changeRow,
  instancesRow,
  singleFileRow,
  fleetRow,
  wholePlanRow,
  blobsRow,
  treeDifferenceRow,
  statusCommitRow,
  statusBackRow,
  standbyRow,
  watchRow,
  webhookRow,
  journalRow,
  gatewayRow,
];

const usage = `npm run bench -- [options]
  --quick        few repetitions, a few minutes in all
  --only NAME    one row (may be repeated); --list names them
  --terraform    runs Terraform's slow apply, too, instead of showing what was recorded
  --write        writes docs/performance.md
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    terraform: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) return say(usage);
  if (values.list) return say(rows.map(({ name, about }) => `${name.padEnd(16)} ${about}`).join('\n'));
  const unknown = values.only.filter((name) => rows.every((row) => row.name !== name));
  if (unknown.length > 0) {
    process.stderr.write(`there is no row ${unknown.join(', ')}: --list names them\n`);
    return 1;
  }
  const chosen = values.only.length === 0 ? rows : rows.filter(({ name }) => values.only.includes(name));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-bench-')));
  // What is killed from outside leaves at most its temporary folder.
  try {
    return await measureAll(chosen, benchIn(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchIn(folder: string): Bench {
  return {
    folder,
    quick: values.quick,
    terraform: findTerraform(),
    terraformApply: values.terraform,
    program: (name) => fileURLToPath(new URL(`./${name}`, import.meta.url)),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

async function measureAll(chosen: readonly Row[], bench: Bench): Promise<number> {
  const before = loadavg()[0] ?? 0;
  if (bench.terraform === null)
    bench.say('terraform is not installed: its recorded figures are shown instead.');
  const findings: Finding[] = [];
  let failed = 0;
  for (const row of chosen) {
    bench.say(`${row.name}: ${row.about} …`);
    try {
      findings.push(...(await row.measure(bench)));
    } catch (error) {
      failed++;
      bench.say(
        `  ${row.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  const circumstances = circumstancesOf(bench, before);
  say(`${textTable(findings)}\n\n${circumstancesText(circumstances)}`);
  for (const { work, note } of findings) if (note !== undefined) say(`  ${work}: ${note}`);
  if (values.write && failed === 0) {
    const file = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
    writeFileSync(file, performanceDocument(findings, circumstances));
    bench.say('docs/performance.md is written');
  }
  return failed === 0 ? 0 : 1;
}

function circumstancesOf(bench: Bench, before: number): Circumstances {
  const [first] = cpus();
  return {
    node: process.versions.node,
    cores: cpus().length,
    processor: first?.model.trim() ?? 'unknown',
    git: versionOf('git', 'git ').trim(),
    terraform: bench.terraform === null ? null : versionOf(bench.terraform, 'Terraform '),
    quick: bench.quick,
    load: [before, loadavg()[0] ?? 0],
  };
}

function versionOf(program: string, name: string): string {
  const out = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return `${name}${/[0-9]+\.[0-9.]+/.exec(out)?.[0] ?? ''}`;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
