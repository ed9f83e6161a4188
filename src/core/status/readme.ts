import { byCodeUnit } from '../base/order.js';
import type { State } from '../journal/fold.js';
import type { Facts } from '../rollout/facts.js';
import type { Document } from './documents.js';
import { isHealthy } from './summary.js';

const shownSolutions = 50;

/** The first page of the status branch, for people who browse it: counts, and what is not well. One a domain. */
export function readme(state: State, facts: Facts): Document {
  const { domain, tables } = state;
  const solutions = [...tables.solutions.values()].filter((solution) => solution.elements.size > 0);
  const unwell = solutions.filter((solution) =>
    [...solution.elements.values()].some((element) => !isHealthy(element, facts)),
  );
  const lines = [
    `# ${domain.name}`,
    '',
    `Written by Heliostat; changes made here by hand are overwritten.`,
    '',
    `- accepted revision: ${domain.accepted ?? 'none yet'}`,
    `- solutions: ${solutions.length}, not healthy or not there yet: ${unwell.length}`,
    `- run by ${domain.controller ?? 'nobody'}, epoch ${domain.epoch}`,
    '',
  ];
  const names = unwell.map((solution) => solution.name).sort(byCodeUnit);
  for (const name of names.slice(0, shownSolutions))
    lines.push(`- [${name}](solutions/${name}/solution.yaml)`);
  if (names.length > shownSolutions) lines.push(`- and ${names.length - shownSolutions} more`);
  return { path: `${domain.name}/README.md`, content: `${lines.join('\n').trimEnd()}\n` };
}

/** The front page of the branch: which domains there are. */
export function index(domains: readonly string[]): Document {
  const lines = [
    '# Status',
    '',
    'Written by Heliostat: what runs, what was decided, and why. Nothing here is edited by hand.',
    '',
  ];
  for (const name of domains) lines.push(`- [${name}](${name}/README.md)`);
  return { path: 'README.md', content: `${lines.join('\n')}\n` };
}
