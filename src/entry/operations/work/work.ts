import type { Json } from '../../../core/base/data.js';
import type { DomainName, Revision } from '../../../core/base/names.js';
import { seenDrift } from '../../../core/rollout/drift.js';
import { elementAt } from '../../../core/rollout/tables.js';
import type { DriftReport } from '../../../core/status/comment/types.js';
import type { RemoteRepository } from '../../../adapters/git/remote/index.js';
import type { Planned, PlanWanted, Work, WorkRequest } from '../../action/operations.js';
import type { Place } from '../../cli/operations.js';
import { Failure } from '../../cli/operations.js';
import { readConfig } from '../config.js';
import { openForge } from '../forge.js';
import { look } from '../looking.js';
import { factsFrom, observeOnce } from '../observe.js';
import { domainsAt } from '../domain-files.js';
import { locate } from '../place.js';
import { planAndRead } from '../plan.js';
import { openRemotePlace } from '../remote-place.js';
import { applyHere } from './apply-here.js';
import type { Bench, PlanData } from './bench.js';
import { firstConfig, workConfig } from './config.js';
import { driftedElements } from './drifted.js';
import { follow } from './follow.js';
import { plannedReport } from './planned.js';

/** @throws {Failure} where the repository, its configuration or a domain cannot be had. */
export async function openWork(version: string, request: WorkRequest, planData: PlanData): Promise<Work> {
  const first = await readConfig(await firstConfig(request), null);
  const { repository } = await openRemotePlace(request.url, first);
  try {
    const tip = (await repository.refs.head()).oid as Revision | null;
    const base = request.base === null ? tip : await resolved(repository, request.base);
    const revision = request.revision === null ? tip : await resolved(repository, request.revision);
    if (revision === null)
      throw new Failure('branch.empty', `${request.url} has no commit yet`, 'Push a first commit.');
    const config = await workConfig(repository, base, request);
    const { forge: wanted } = await readConfig(config, null);
    const forge = wanted === null ? null : openForge(wanted, repository.url).forge;
    const domains = await chosen(repository, revision, request.domains);
    const place = (domain: DomainName): Place => ({ repo: request.url, domain, config, domainsOf: revision });
    return workOf({ version, planData, request, repository, revision, base, forge, place }, domains);
  } catch (error) {
    await repository.close();
    throw error;
  }
}

function workOf(bench: Bench, domains: readonly DomainName[]): Work {
  const { repository, revision, base, forge } = bench;
  return {
    revision,
    base,
    domains,
    forge,
    planned: (domain, wanted) => planned(bench, domain, wanted),
    followed: (domain, wanted) => follow(bench, domain, wanted),
    applied: (domain, wanted) => applyHere(bench, domain, wanted),
    drifted: (domain) => drifted(bench, domain),
    close: () => repository.close(),
  };
}

async function resolved(repository: RemoteRepository, name: string): Promise<Revision> {
  const found = await repository.resolve(name);
  if (found !== null) return found;
  throw new Failure('revision.unknown', `there is no commit ${name}`, 'Name a commit, a branch or a tag.');
}

async function chosen(
  repository: RemoteRepository,
  revision: Revision,
  wanted: readonly string[],
): Promise<readonly DomainName[]> {
  const known = await domainsAt(repository, revision);
  const missing = wanted.find((name) => !known.includes(name as DomainName));
  if (missing !== undefined)
    throw new Failure('domain.unknown', `there is no domain ${missing}`, `Use one of ${known.join(', ')}.`);
  if (known.length === 0)
    throw new Failure(
      'domain.missing',
      'there is no heliostat.yaml in this repository',
      'Make a model repository with heliostat init.',
    );
  return wanted.length === 0 ? known : known.filter((name) => wanted.includes(name));
}

async function planned(bench: Bench, domain: DomainName, wanted: PlanWanted): Promise<Planned> {
  const location = await locate(bench.place(domain));
  try {
    const { revision, version, request } = bench;
    const made = await planAndRead(version, location, {
      revision,
      asked: revision,
      preview: true,
      signal: request.signal,
    });
    const report = await plannedReport(bench, location, made, wanted);
    return { report, json: bench.planData(made.view) as Json };
  } finally {
    await location.repository.close();
  }
}

async function drifted({ version, place, request }: Bench, domain: DomainName): Promise<DriftReport> {
  const looking = await look(version, place(domain));
  try {
    const { wired } = looking;
    const state = await looking.read();
    const isOurs = state.domain.controller === wired.options.controller;
    const facts = isOurs ? factsFrom(state, wired, await observeOnce(state, wired, request.signal)) : null;
    const elements = driftedElements(state, (key) => {
      const element = facts === null ? null : elementAt(state.tables, key);
      return element === null || facts === null ? null : seenDrift(element, facts);
    });
    return { domain, atMs: wired.ports.clock.wallMs(), elements };
  } finally {
    await looking.close();
  }
}
