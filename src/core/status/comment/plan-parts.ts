import { splitElementKey, type DomainName } from '../../base/names.js';
import { count, groupBy, shortRevision } from '../../base/words.js';
import type { Change, Hold, Plan, Preview, StayingElement } from '../../plan/types.js';
import { lostInstances, shapesText, stayingText } from '../words/plan.js';
import { diagnosticsText, placeText } from './diagnostics.js';
import { part, type Part } from './document.js';
import { code, html, inline, link } from './escape.js';
import { bullets, codes, commands, fold, paragraphs, sentence } from './pieces.js';
import { previewParts } from './plan-preview.js';
import { releaseParts } from './plan-release.js';
import { solutionPart } from './plan-solution.js';
import type { CatalogChange, PlannedReport, PolicyChange } from './types.js';

/** More names than these are in a fold. */
const mostInLine = 6;

/** All that is told of a plan but its status line. */
export function planParts(report: PlannedReport): Part[] {
  const { plan, preview, diagnostics, domain } = report;
  const shown = plan?.changes ?? [];
  return [
    ...destroyParts(shown),
    ...text('list', diagnosticsText(diagnostics)),
    ...holdParts(plan?.holds ?? [], 'plan'),
    ...text('list', stayingBlock(domain, plan?.staying ?? [], report.failures)),
    ...text('kept', policiesText(report.policies)),
    ...report.catalog.map((change) => part('plan', 'list', catalogText(change))),
    ...solutionParts(plan, preview),
    ...releaseParts(shown),
    ...(plan === null || preview === null ? [] : previewParts(plan, preview)),
  ];
}

function text(kind: 'kept' | 'list', content: string): Part[] {
  return content === '' ? [] : [part('plan', kind, content)];
}

function solutionParts(plan: Plan | null, preview: Preview | null): Part[] {
  const solutions = groupBy(plan?.changes ?? [], (change) => splitElementKey(change.element).solution);
  return [...solutions].map(([name, changes]) => solutionPart(name, changes, preview));
}

/** Never in a fold, and the last to be cut: a destroy must not drown in a long plan. */
export function destroyParts(changes: readonly Change[]): Part[] {
  const lost = changes.filter((change) => change.destroysData);
  if (lost.length === 0) return [];
  const instances = lost.reduce((sum, change) => sum + lostInstances(change), 0);
  const what = instances === 0 ? '' : `${count(instances, 'instance')} of `;
  const lines = [
    '[!CAUTION]',
    `⛔ **Destroys ${what}${count(lost.length, 'element')} for good, without a successor**`,
    '',
    ...lost.map((change) => `- ${lossText(change)}`),
  ];
  return [part('destroys', 'list', lines.map((line) => `> ${line}`.trimEnd()).join('\n'))];
}

function lossText(change: Change): string {
  return `${code(change.element)} ${inline(shapesText(change))} (${code(placeText(change.position))})`;
}

/** What it waits for, who releases it, and how. */
export function holdParts(holds: readonly Hold[], block: 'plan' | 'outcome'): Part[] {
  if (holds.length === 0) return [];
  const content = paragraphs([
    `✋ **Held: nothing of it starts before ${holds.length === 1 ? 'this is' : 'these are'} released**`,
    bullets(
      holds.map(
        (hold) => `${sentence(hold.reason)} Released by ${inline(hold.releasedBy)} (${code(hold.code)})`,
      ),
    ),
    commands(holds.map(({ command }) => command)),
  ]);
  return [part(block, 'kept', content)];
}

function stayingBlock(
  domain: DomainName,
  staying: readonly StayingElement[],
  failures: PlannedReport['failures'],
): string {
  const [first] = staying;
  if (first === undefined) return '';
  const lines = staying.map((one) => {
    const told = failures.find(({ revision }) => revision === one.revision);
    const see = told === undefined ? '' : `, see ${link(inline(told.name), told.url)}`;
    return `**${inline(stayingText(one))}**${see}: ${sentence(one.reason)}`;
  });
  return paragraphs([
    '🚧 **Kept out, because it failed before**',
    bullets(lines),
    'It ends when the model asks for something else, or by',
    commands([`heliostat retry ${domain}/${first.element} --reason TEXT`]),
  ]);
}

function policiesText(policies: readonly PolicyChange[]): string {
  if (policies.length === 0) return '';
  return paragraphs([
    '📜 **Policies change**',
    bullets(policies.map(({ name, change, file }) => `${code(name)} is ${change} in ${code(file)}`)),
    'They are not judged by themselves: this plan is judged by the policies of the last accepted revision, and these count from the merge on.',
  ]);
}

function catalogText({ component, version, change, file, solutions }: CatalogChange): string {
  const name = code(version === null ? component : `${component} ${version}`);
  const head = `📦 Catalog: ${name} is ${change} in ${code(file)}`;
  if (solutions.length === 0) return `${head}; no solution changes by it.`;
  if (solutions.length <= mostInLine)
    return `${head}; it changes ${count(solutions.length, 'solution')}: ${codes(solutions, mostInLine)}.`;
  const summary = `It changes ${count(solutions.length, 'solution')}`;
  return `${head}.\n\n${fold(html(summary), bullets(solutions.map((one) => code(one))), true)}`;
}

/** `1:3b96c37ff62d`: enough to compare two by eye. */
export function digestText(digest: string): string {
  return code(digest.slice(0, 14));
}

export function revisionCode(revision: string): string {
  return code(shortRevision(revision));
}
