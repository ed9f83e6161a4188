// The last lines of `npm test`: what was shown, and what could not be.
import { optionalTools } from './optional-tools.mjs';

const WORDS = {
  scenariosUnbroken: (count) => `no consumer broken in ${count} ${plural('scenario', count)}`,
  crashesSurvived: (count) => `${count} ${plural('crash', count, 'es')} survived`,
  plantedBugsCaught: (count) => `${count} planted ${plural('bug', count)} caught`,
  hostileInputs: (count) => `${count} hostile ${plural('input', count)} survived`,
};

export default class PromisesReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(modules) {
    const asked = askedFor(this.vitest.config.testNamePattern);
    const tests = modules.flatMap((module) => [...module.children.allTests()]).filter(asked);
    const lines = [promisesLine(tests), ...skippedLines(tests)];
    process.stdout.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
  }
}

/** With `-t`, vitest reports all the others as skipped; whoever typed it knows that. */
function askedFor(pattern) {
  return (test) => pattern === undefined || pattern.test(test.fullName.replaceAll(' > ', ' '));
}

function promisesLine(tests) {
  const shown = tests
    .filter((test) => test.result().state === 'passed')
    .map((test) => test.meta().promises ?? {});
  const parts = Object.entries(WORDS).flatMap(([key, words]) => {
    const count = shown.reduce((sum, promises) => sum + (promises[key] ?? 0), 0);
    return count > 0 ? [words(count)] : [];
  });
  return parts.length > 0 ? `   Promises  ${parts.join(' · ')}` : '';
}

function skippedLines(tests) {
  const skipped = tests.filter((test) => test.result().state === 'skipped');
  if (skipped.length === 0) return ['    Skipped  nothing'];
  const reasons = groupBy(skipped, reasonOf);
  return [...reasons].map(
    ([reason, group]) => `    Skipped  ${group.length} ${plural('test', group.length)}: ${reason}`,
  );
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function reasonOf(test) {
  const tool = /\(needs ([\w-]+)\)/.exec(test.fullName)?.[1];
  const known = optionalTools[tool];
  const { note } = test.result();
  if (note) return note;
  if (known === undefined) return `marked so in ${test.module.relativeModuleId}`;
  return `${tool} is missing (${known.usedFor}). Get it: apt-get install ${known.debianPackage}`;
}

function plural(word, count, ending = 's') {
  return count === 1 ? word : `${word}${ending}`;
}
