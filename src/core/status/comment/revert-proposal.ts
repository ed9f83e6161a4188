import type { DomainName, Revision } from '../../base/names.js';
import { shortRevision } from '../../base/words.js';
import type { DueRevert } from '../../rollout/revert.js';
import type { SolutionState } from '../../rollout/state.js';
import { revertSubject, revertTrailers } from '../words/revert.js';
import { code, inline, link, oneLine, shortened } from './escape.js';
import { evidenceText } from './outcome-solution.js';
import { bullets, commands, paragraphs, sentence } from './pieces.js';

/** GitHub's limit is 256. */
const longestTitle = 200;
const mostSolutions = 20;
const mostClusters = 20;

export const revertLabels: readonly string[] = ['heliostat', 'revert'];

export interface ProposalWords {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** Where what failed can be looked at; null: nowhere. */
export interface RevertLinks {
  readonly commitUrl: string | null;
  /** Of the pull request by which it came. */
  readonly origin: { readonly name: string; readonly url: string } | null;
}

/** The pull request that says in Git what was taken back: what failed and why, what it undoes, what to do next. */
export function revertProposal(
  domain: DomainName,
  due: DueRevert,
  solutions: readonly SolutionState[],
  links: RevertLinks,
): ProposalWords {
  const shown = solutions.slice(0, mostSolutions);
  const more = solutions.length - shown.length;
  const body = paragraphs([
    introduction(domain, due, links),
    ...shown.map(solutionText),
    more > 0 ? `… and ${more} more solutions.` : '',
    '#### What it does',
    'The files of these solutions are again as they were when they were last stable. Releases in the catalog stay, other solutions are not touched.',
    '#### Next',
    'Merge it, and Git asks for what runs; or push a commit with another version, and this is not needed any more. To look at it, or to have the same tried once more:',
    commands(nextCommands(domain, shown)),
    revertTrailers(due, shown)
      .map((line) => inline(line))
      .join('\n'),
  ]);
  return { title: titleText(revertSubject(domain, solutions)), body: `${body}\n`, labels: revertLabels };
}

/** What a person takes back, before anything has failed. */
export interface PersonalRevert {
  readonly domain: DomainName;
  readonly revision: Revision;
  readonly subject: string;
  /** Of the person who asks for it; null: none was given. */
  readonly reason: string | null;
  readonly files: readonly string[];
  /** Released files, which are kept. */
  readonly stays: readonly string[];
}

const mostFiles = 50;

/** The pull request of a revert that a person has asked for: what it undoes, why, and what to do next. */
export function personalRevertProposal(of: PersonalRevert, links: RevertLinks): ProposalWords {
  const { domain, revision, subject, reason, files, stays } = of;
  const commit = link(code(shortRevision(revision)), links.commitUrl);
  const came = links.origin === null ? '' : ` (${link(inline(links.origin.name), links.origin.url)})`;
  const body = paragraphs([
    `Takes ${commit}${came} back in domain ${code(domain)}: ${sentence(subject)}`,
    reason === null ? '' : sentence(reason),
    '#### What it does',
    bullets(listed(files)),
    stays.length === 0 ? '' : paragraphs(['Released, and so kept:', bullets(listed(stays))]),
    '#### Next',
    'Merge it, and what runs goes back to what it was before that commit.',
  ]);
  return { title: titleText(`Revert "${subject}"`), body: `${body}\n`, labels: revertLabels };
}

function listed(paths: readonly string[]): string[] {
  const more = paths.length - mostFiles;
  const shown = paths.slice(0, mostFiles).map((path) => code(path));
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

/** A title takes no escapes: what would be more than text in it is left out. */
function titleText(text: string): string {
  return shortened(oneLine(text, longestTitle).replaceAll(/[`@#<>]/g, ''), longestTitle);
}

function introduction(
  domain: DomainName,
  { revision }: DueRevert,
  { commitUrl, origin }: RevertLinks,
): string {
  const commit = link(code(shortRevision(revision)), commitUrl);
  const came = origin === null ? '' : ` (${link(inline(origin.name), origin.url)})`;
  return `${commit}${came} failed in domain ${code(domain)} and **was taken back already**: what runs is what it was before. This says so in Git, which still asks for what failed.`;
}

function solutionText({ name, quarantine, rollout, lastStable }: SolutionState): string {
  const clusters = quarantine?.clusters ?? [];
  const stays = clusters
    .slice(0, mostClusters)
    .map(
      ({ element, cluster }) => `${code(`${element} ${cluster.split('~')[0] ?? ''}`)} failed and stays out`,
    );
  const evidence = quarantine?.evidence ?? [];
  const at = lastStable === null ? '' : ` It is as it was at ${code(shortRevision(lastStable.revision))}.`;
  return paragraphs([
    `#### ${code(name)}`,
    `${sentence(quarantine?.reason ?? rollout?.reason ?? 'it failed')}${at}`,
    bullets(stays),
    evidence.length === 0 ? '' : evidenceText(evidence),
  ]);
}

function nextCommands(domain: DomainName, solutions: readonly SolutionState[]): string[] {
  const [first] = solutions;
  if (first === undefined) return [];
  return [
    `heliostat history ${domain}/${first.name}`,
    ...solutions.slice(0, 3).map(({ name }) => `heliostat retry ${domain}/${name} --reason TEXT`),
  ];
}
