import type { SolutionName } from '../base/names.js';
import type { State } from '../journal/fold.js';
import { isOpen } from '../rollout/mode.js';
import type { Document } from './documents.js';
import { stepText, stepView } from './step.js';

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
  lines.push(...stepLines(state));
  return { path: `${domain.name}/README.md`, content: `${lines.join('\n').trimEnd()}\n` };
}

/** What goes in steps, and what each one waits for. */
function stepLines({ domain, tables }: State): string[] {
  const found = [...tables.solutions.values()].filter(isOpen).flatMap(({ name, elements }) =>
    [...elements.values()].flatMap((element) => {
      const view = stepView(element, domain.name);
      if (view === null) return [];
      const command = view.command === null ? '' : `: \`${view.command}\``;
      return [
        `- [${element.key}](solutions/${name}/elements/${element.name}.yaml) ${stepText(view)}${command}`,
      ];
    }),
  );
  const more = found.length - shownSolutions;
  if (found.length === 0) return [];
  return [
    '',
    'In steps:',
    '',
    ...found.slice(0, shownSolutions),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
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
