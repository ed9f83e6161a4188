import type { SolutionName } from '../base/names.js';
import type { State } from '../journal/fold.js';
import type { Document } from './documents.js';

const shownSolutions = 50;

/** The first page of the status branch, for people who browse it: counts, and what is not well (sorted). One a domain. */
export function readme(state: State, unwell: readonly SolutionName[]): Document {
  const { domain, tables } = state;
  const solutions = [...tables.solutions.values()].filter((solution) => solution.elements.size > 0);
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
  for (const name of unwell.slice(0, shownSolutions))
    lines.push(`- [${name}](solutions/${name}/solution.yaml)`);
  if (unwell.length > shownSolutions) lines.push(`- and ${unwell.length - shownSolutions} more`);
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
