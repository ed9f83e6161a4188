import { milestones } from '../../sim/coverage.js';
import { faultKinds } from '../../sim/faults.js';
import { positions } from '../../sim/positions.js';
import { suites } from '../../sim/suites/all.js';
import { violationsOf, type SuiteTally, type Tally } from '../../sim/tally.js';
import { faultWords, notYet, stages } from '../../sim/verdict.js';

export interface TableFacts {
  readonly tally: Tally;
  /** Of the runs of seeds alone. */
  readonly seconds: number;
  readonly allSeconds: number;
  readonly cores: number;
  readonly seeds: string;
  readonly revision: string;
  /** Runs that were made twice; 0: none. */
  readonly runAgain: number;
}

/** The report, as lines of text. */
export function tableOf(facts: TableFacts): string[] {
  const { tally } = facts;
  return [
    ...(tally.runs === 0 ? [] : seedLines(facts)),
    ...suites.flatMap((suite) => {
      const known = tally.suites[suite.name];
      return known === undefined ? [] : suiteLines(suite.cases, suite.passed ?? 'passed', known, tally);
    }),
    ...(notYet.length === 0 ? [] : [row('not yet', notYet.join(' · '))]),
    row('violations', count(violationsOf(tally))),
    row('program', facts.revision),
    row('seconds', facts.allSeconds.toFixed(1)),
  ];
}

function seedLines({ tally, seconds, cores, seeds, runAgain }: TableFacts): string[] {
  const rate = tally.steps / Math.max(seconds, 0.001);
  return [
    row('seeds', `${count(tally.runs)} (${seeds})`),
    row('steps', `${count(tally.steps)} that changed something, of ${count(tally.events)} events`),
    row('', `${count(rate)} a second, ${count(rate / cores)} a second and core`),
    row('controllers', `${count(tally.incarnations)} lives`),
    ...(runAgain === 0 ? [] : [row('same twice', `${count(runAgain)} seeds`)]),
    'runs that reached',
    ...stages.map((stage) => {
      const runs = tally.reached[stage] ?? 0;
      return inner(stage, `${((100 * runs) / tally.runs).toFixed(1)} %`);
    }),
    ...milestones
      .filter((one) => !stages.includes(one))
      .map((one) => inner(one, count(tally.reached[one] ?? 0))),
    'controllers that died',
    ...positions.map((position) => inner(position, count(tally.positions[position] ?? 0))),
    'faults',
    ...faultKinds.map((kind) => inner(faultWords[kind], count(tally.faults[kind] ?? 0))),
  ];
}

function suiteLines(cases: string, passed: string, suite: SuiteTally, tally: Tally): string[] {
  const name = Object.entries(tally.suites).find(([, known]) => known === suite)?.[0];
  const failed = new Set(tally.found.filter((found) => found.suite === name).map((found) => found.name)).size;
  return [
    row(
      cases,
      `${count(suite.cases - failed)} of ${count(suite.cases)} ${passed}, ${count(suite.steps)} steps`,
    ),
    ...Object.entries(suite.counters).flatMap(([group, counts]) => [
      `  ${group}`,
      ...Object.entries(counts).map(([label, number]) => inner(`  ${label}`, count(number))),
    ]),
    ...suite.remarks.map((remark) => `  ${remark}`),
  ];
}

function row(head: string, text: string): string {
  return `${head.padEnd(18)}${text}`;
}

function inner(head: string, text: string): string {
  return `  ${head.padEnd(36)}${text.padStart(10)}`;
}

const grouped = new Intl.NumberFormat('en-US');

export function count(value: number): string {
  return grouped.format(Math.round(value));
}
