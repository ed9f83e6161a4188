import type { DesiredElement } from '../core/base/desired.js';
import type { ElementKey, Revision } from '../core/base/names.js';
import { splitElementKey } from '../core/base/names.js';
import type { ProviderManifest } from '../core/base/manifest.js';
import type { ValidatedTip } from '../core/base/release.js';
import { withoutQuarantined } from '../core/rollout/quarantine.js';
import type { AcceptedModel } from '../core/graph/model.js';
import type { Cancel } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { CommitInfo, Oid } from '../ports/repository.js';
import type { Core } from './core.js';
import { shownPlan, type Shown } from './forge/shown-plan.js';
import type { Judged } from './judged.js';
import { load } from './load/load.js';
import type { Loaded, LoadFrom, WorkFile } from './load/types.js';
import { isAsDesired, unplanned } from './unplanned.js';

const betweenLimit = 500;

/** Looks at the tip, one look at a time; a hint that comes meanwhile causes another look. */
export class TipWatcher {
  private working = false;
  private pending: 'no' | 'look' | 'again' = 'no';
  /** What the next load starts from. */
  base: AcceptedModel | null = null;
  private baseOf: Revision | null = null;
  private readonly cancel = cancelSource();
  /** Loads since the start, and what the last one read. */
  counts = { loads: 0, read: 0, model: 0, touched: 0 };

  constructor(
    private readonly core: Core,
    readonly branch: string,
  ) {
    const { providers } = core.ports;
    this.manifests = new Map(
      providers.names().flatMap((name) => {
        const provider = providers.get(name);
        return provider === null ? [] : [[name as string, provider.manifest] as const];
      }),
    );
  }

  look(again = false): void {
    if (this.working) {
      if (again || this.pending === 'no') this.pending = again ? 'again' : 'look';
      return;
    }
    this.working = true;
    void this.work(again).then(
      (judged) => this.finish(judged),
      (error: unknown) =>
        this.finish({ kind: 'unavailable', message: error instanceof Error ? error.message : String(error) }),
    );
  }

  get busy(): boolean {
    return this.working;
  }

  /** Aborted with the engine. */
  get cancelled(): Cancel {
    return this.cancel.cancel;
  }

  stop(): void {
    this.cancel.abort();
  }

  /** The accepted model becomes what the next load starts from. */
  accepted(revision: Revision, model: AcceptedModel): void {
    this.base = model;
    this.baseOf = revision;
  }

  /** Only after the judgement was made is the tip looked at again: a look compares with what was judged. */
  handled(): void {
    this.working = false;
    const pending = this.pending;
    this.pending = 'no';
    if (pending !== 'no') this.look(pending === 'again');
  }

  private finish(judged: Judged): void {
    this.core.inbox.push({ kind: 'judged', judged });
  }

  private async work(asked: boolean): Promise<Judged> {
    const { ports, state } = this.core;
    const tip = (await ports.refs.read(`refs/heads/${this.branch}`)) as Revision | null;
    if (tip === null)
      return state.domain.tip === null
        ? { kind: 'unavailable', message: `branch ${this.branch} has no commit yet`, isEmpty: true }
        : { kind: 'deleted' };
    const last = state.domain.tip;
    if (tip === last) await this.ensureBase();
    const again = asked || this.owesPlan(tip);
    if (tip === last && !again && !this.isUnjudged(tip)) return { kind: 'unchanged' };
    return this.read(tip, again);
  }

  private async read(tip: Revision, again: boolean): Promise<Judged> {
    const { ports, state } = this.core;
    const last = state.domain.tip;
    const commit = await ports.source.commit(tip);
    if (commit === null) return { kind: 'unavailable', message: `commit ${tip} cannot be read` };
    const between = last === null || tip === last ? [] : await this.commitsBetween(tip, last);
    if (between === 'forced' && state.domain.released.get('branch.forced') !== tip)
      return { kind: 'forced', revision: tip };
    await this.ensureBase();
    const loaded = await this.load(tip, this.base);
    if (loaded.kind === 'unavailable') return { kind: 'unavailable', message: loaded.message };
    const shown = await this.shown(tip);
    if (shown.kind === 'unavailable')
      return {
        kind: 'unavailable',
        message: `the plan that was shown of it cannot be read: ${shown.message}`,
      };
    const commits = between === 'forced' ? [] : between;
    return { kind: 'loaded', commit, between: commits, loaded, again, shown: shown.plan };
  }

  /** Asked for only where it decides something: nobody else waits for the forge. */
  private async shown(tip: Revision): Promise<Shown> {
    const { ports, options, domain } = this.core;
    const isAsked = ports.forge !== undefined && options.forge?.otherPlan === 'hold';
    return isAsked ? shownPlan(ports.forge, domain, tip) : { kind: 'read', plan: null };
  }

  /** The tip was accepted, and something that asks for it was not planned for it. */
  private owesPlan(tip: Revision): boolean {
    const { domain, tables } = this.core.state;
    if (tip !== domain.accepted || this.baseOf !== tip) return false;
    const model = this.base?.desired;
    const after = (key: ElementKey): DesiredElement | null => {
      const { solution, element } = splitElementKey(key);
      return model?.get(solution)?.elements.get(element) ?? null;
    };
    return unplanned(tables).some((solution) => {
      // What is kept out is not owed, however often the tip asks for it.
      const { desired } = withoutQuarantined(model?.get(solution.name) ?? null, solution, after);
      return !isAsDesired(solution, desired);
    });
  }

  /** Seen, but the controller ended before it was judged, or it is held. */
  private isUnjudged(tip: Revision): boolean {
    const known = this.core.state.domain.revisions.get(tip);
    return known === undefined || (known.state === 'seen' && !('*' in known.verdicts));
  }

  private async commitsBetween(tip: Revision, last: Revision): Promise<readonly CommitInfo[] | 'forced'> {
    const { history } = this.core.ports;
    const parents = await history.firstParents(tip, last, betweenLimit);
    const oldest = parents.at(-1);
    if (oldest?.parents[0] === last) return parents.slice(1).reverse();
    return (await history.isAncestor(last, tip)) ? [] : 'forced';
  }

  /** After a start the accepted model is read again, from the parse cache. */
  private async ensureBase(): Promise<void> {
    const { accepted } = this.core.state.domain;
    if (accepted === null || this.baseOf === accepted) return;
    const loaded = await this.load(accepted, null);
    if (loaded.kind !== 'loaded') return;
    this.base = loaded.model;
    this.baseOf = accepted;
  }

  /** What the commit does not answer for. One that is tried again answers for what it brought, as it did at first. */
  private previousTo(revision: Revision): ValidatedTip | null {
    const { tip, validated, revisions } = this.core.state.domain;
    if (tip === null) return null;
    if (tip !== revision || revisions.get(tip)?.state === 'seen') return validated;
    const errors = Object.entries(validated.errors).filter(([, { isNew }]) => isNew !== true);
    return { errors: Object.fromEntries(errors) };
  }

  /** What the tip would ask for with these files in place of its own. */
  loadFiles(tree: Oid | null, files: ReadonlyMap<string, WorkFile>): Promise<Loaded> {
    return this.loadFrom({ kind: 'files', tree, files }, this.base, this.core.state.domain.validated);
  }

  private async load(revision: Revision, base: AcceptedModel | null): Promise<Loaded> {
    const loaded = await this.loadFrom({ kind: 'revision', revision }, base, this.previousTo(revision));
    this.counts = {
      loads: this.counts.loads + 1,
      read: 'files' in loaded ? loaded.files.read : 0,
      model: 'files' in loaded ? loaded.files.model : 0,
      touched: 'validation' in loaded ? loaded.validation.touched : 0,
    };
    return loaded;
  }

  private loadFrom(
    from: LoadFrom,
    base: AcceptedModel | null,
    previousTip: ValidatedTip | null,
  ): Promise<Loaded> {
    const { ports, options, state } = this.core;
    return load(
      { source: ports.source, reader: ports.reader },
      {
        from,
        base,
        ledger: state.domain.ledger,
        manifests: this.manifests,
        secretStatus: this.secretStatus,
        previousTip,
        programVersion: options.programVersion,
        domain: options.domain,
        cancel: this.cancel.cancel,
      },
    );
  }

  /** One map for all loads: another one would have everything checked anew. */
  private readonly manifests: ReadonlyMap<string, ProviderManifest>;

  private readonly secretStatus = (name: string, element: string): 'ok' | 'missing' | 'forbidden' =>
    this.core.ports.secrets.check(name, element);
}
