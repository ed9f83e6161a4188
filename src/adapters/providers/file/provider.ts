import type { InstanceId } from '../../../core/base/names.js';
import type { Observation, Page, Provider } from '../../../ports/provider.js';
import { answered } from '../parts/outcomes.js';
import { takingTurns } from '../parts/turns.js';
import { breathe } from '../parts/waiting.js';
import { createInspector } from './contents.js';
import { fileManifest } from './manifest.js';
import { allPointers, ownFolder, type Pointer } from './marker.js';
import { observationOf, type Host } from './place.js';
import { carryOut } from './transitions.js';

export interface FileProviderOptions {
  /** Absolute; holds the folders of instances that have no path of their own. */
  readonly instancesDir: string;
  /** Of this controller: a folder that carries another living one is not ours. */
  readonly home: string;
}

/** Rendered files, and folders that hold data; `instance.address` is the absolute path of the instance's own folder. */
export function createFileProvider(options: FileProviderOptions): Provider {
  const host: Host = { ...options, inspector: createInspector() };
  const inTurn = takingTurns();
  return {
    manifest: fileManifest,
    async observe(instances) {
      const seen: Observation[] = [];
      for (const [i, ref] of instances.entries()) {
        if (i % 100 === 99) await breathe();
        seen.push(observationOf(host, ref));
      }
      return seen;
    },
    list: async (owner, cursor) => listOwned(host, owner, cursor),
    apply: (transition, task, ctx) =>
      inTurn(task.id, () => answered(() => carryOut(host, transition, task, ctx))),
    address: (id: InstanceId) => ownFolder(options.instancesDir, id),
  };
}

const pageSize = 1_000;

function listOwned(host: Host, owner: string, cursor: string | null): Page {
  const pointers = allPointers(host.instancesDir)
    .filter((pointer) => pointer.owner.startsWith(owner) && (cursor === null || pointer.owner > cursor))
    .sort((a, b) => (a.owner < b.owner ? -1 : 1));
  const page = pointers.slice(0, pageSize);
  const resources = page
    .map((pointer) => ({ ...observationOf(host, refOf(pointer)), owner: pointer.owner }))
    .filter((one) => one.presence !== 'absent');
  return { resources, cursor: pointers.length > pageSize ? (page.at(-1)?.owner ?? null) : null };
}

function refOf({ id, owner }: Pointer): { id: InstanceId; owner: Pointer['owner']; configuration: null } {
  return { id, owner, configuration: null };
}
