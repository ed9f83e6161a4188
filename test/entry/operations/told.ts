import { onTestFinished, vi } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import { look, type Looking } from '../../../src/entry/operations/looking.js';
import { shop } from '../../support/fake-ports/model.js';
import { World, type Controller } from '../../support/fake-ports/world.js';
import { chapter, type Chapter } from '../../support/told-history.js';

type OnFailure = 'pause' | 'abort' | 'revert';

export function filesOf(
  api: string,
  onFailure: OnFailure,
  more: Record<string, string> = {},
): Record<string, string> {
  const rollout = `{ onFailure: ${onFailure}, minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s }`;
  const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: ${rollout}\n`;
  return { ...shop({ api, more }), 'heliostat.yaml': domain };
}

/** A world whose chapters are kept. */
export class Author {
  readonly world = new World();
  private controller: Controller | null = null;
  private written: string | null = null;

  async push(files: Record<string, string>, subject: string): Promise<Chapter> {
    const revision = this.world.git.push(files, subject);
    this.controller ??= await this.world.start();
    this.controller.look();
    return this.told(revision);
  }

  /** What was written since a chapter, though nothing of the model has changed. */
  async afterwards({ revision }: Chapter): Promise<Chapter> {
    await this.world.pass(60_000);
    const nobody = 'f'.repeat(40);
    return { ...(await this.told(revision as Revision)), subject: 'Nothing', files: {}, revision: nobody };
  }

  /** What was written up to here, as the chapter of a revision. */
  private async told(revision: Revision): Promise<Chapter> {
    await this.controller?.settled();
    await this.world.pass(15_000);
    await this.controller?.settled();
    const made = chapter(this.world, revision, this.written);
    this.written = this.world.git.statusLog().at(-1)?.oid ?? null;
    return made;
  }
}

/** Looks at a repository, as a verb does, until the test is finished. */
export async function lookingAt(repository: string): Promise<Looking> {
  const looking = await look('0.0.0-test', { repo: repository, domain: null, config: null });
  onTestFinished(() => looking.close());
  return looking;
}

/** Counts what is read of the repository from now on. */
export function countingReads({ location }: Looking): () => number {
  const { source } = location.repository;
  const spies = [vi.spyOn(source, 'commit'), vi.spyOn(source, 'tree')];
  const blobs = vi.spyOn(source, 'blobs');
  onTestFinished(() => [...spies, blobs].forEach((spy) => spy.mockRestore()));
  return () =>
    spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0) +
    blobs.mock.calls.reduce((sum, [oids]) => sum + oids.length, 0);
}
