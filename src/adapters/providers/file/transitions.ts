import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unreachable } from '../../../core/base/assert.js';
import type { Transition } from '../../../core/base/desired.js';
import type { InstanceTask, Outcome, ProviderContext } from '../../../ports/provider.js';
import { done, tryAgain } from '../parts/outcomes.js';
import { fingerprints, removedEmpty, removeFiles, writeFiles } from './contents.js';
import { markerName, ownFolder, removePointer, writeMarker } from './marker.js';
import { claim, demandMarker, demandOurs, observationOf, viewOf, type Host, type View } from './place.js';
import { checkedName, readSettings, type WantedFile } from './settings.js';

export async function carryOut(
  host: Host,
  transition: Transition,
  task: InstanceTask,
  ctx: ProviderContext,
): Promise<Outcome> {
  const view = viewOf(host, task);
  switch (transition) {
    case 'create':
      claim(host, task, view, readSettings(task.configuration));
      break;
    case 'configure':
    case 'reconfigure':
      await render(host, task, view, ctx);
      break;
    case 'start':
      writeMarker(view.folder, { ...demandMarker(host, task, view), state: 'active' });
      break;
    case 'stop':
      if (isThere(view)) writeMarker(view.folder, { ...demandMarker(host, task, view), state: 'inactive' });
      break;
    case 'destroy':
      destroy(host, task, view);
      break;
    case 'reset':
      reset(host, task, view);
      break;
    default:
      unreachable(transition);
  }
  return done(observationOf(host, task));
}

function isThere(view: View): boolean {
  return view.marker !== null && !view.marker.reset;
}

/** The marker names each file before it is written, so that a crash leaves none that we do not know to be ours. */
async function render(host: Host, task: InstanceTask, view: View, ctx: ProviderContext): Promise<void> {
  const settings = readSettings(task.configuration);
  const wanted = new Map([...(await artifactsOf(task, ctx)), ...settings.files]);
  const pointed = view.marker === null && view.kind === 'folder' && view.pointer?.owner === task.owner;
  const marker = pointed ? claim(host, task, view, settings) : demandMarker(host, task, view);
  const files = fingerprints(wanted);
  const { keepsData } = settings;
  writeMarker(view.folder, { ...marker, keepsData, digest: null, files: { ...marker.files, ...files } });
  writeFiles(view.folder, wanted);
  removeFiles(
    view.folder,
    Object.keys(marker.files).filter((name) => !wanted.has(name)),
  );
  writeMarker(view.folder, { ...marker, keepsData, digest: task.digest, files });
}

async function artifactsOf(task: InstanceTask, ctx: ProviderContext): Promise<Map<string, WantedFile>> {
  const files = new Map<string, WantedFile>();
  if (task.artifacts.length === 0) return files;
  const contents = await ctx.blobs(task.artifacts.map((pin) => pin.oid));
  task.artifacts.forEach((pin, i) => {
    const content = contents[i] ?? null;
    if (content === null)
      throw tryAgain('artifact.missing', `${pin.path}: blob ${pin.oid} is not in the repository`);
    files.set(checkedName(pin.path), { content, mode: pin.executable ? 0o755 : 0o644 });
  });
  return files;
}

/** Data stays for the `create` that follows; what was rendered can be rendered again. */
function reset(host: Host, task: InstanceTask, view: View): void {
  if (!isThere(view)) return;
  const marker = demandMarker(host, task, view);
  if (marker.keepsData) writeMarker(view.folder, { ...marker, state: 'inactive', reset: true });
  else destroy(host, task, view);
}

/** Of a folder that holds data all goes; of any other only what we wrote, and the folder if nothing else is in it. */
function destroy(host: Host, task: InstanceTask, view: View): void {
  const { folder, kind, marker, pointer } = view;
  if (kind === 'folder' && marker !== null) demandOurs(host, task, folder, marker);
  const ours = marker !== null || pointer?.owner === task.owner;
  if (kind === 'folder' && ours) empty(host, task, view);
  if (pointer?.owner === task.owner) removePointer(host.instancesDir, task.id);
}

function empty(host: Host, task: InstanceTask, { folder, marker }: View): void {
  const own = folder === ownFolder(host.instancesDir, task.id);
  const keepsData = marker?.keepsData ?? readSettings(task.configuration).keepsData;
  if (own || keepsData) return removeAll(host, folder, own);
  removeFiles(folder, Object.keys(marker?.files ?? {}));
  rmSync(join(folder, markerName), { force: true });
  removedEmpty(folder);
}

/** Our own folders vanish at once; elsewhere they can only be emptied. Links are removed, not followed. */
function removeAll(host: Host, folder: string, own: boolean): void {
  if (!own) return rmSync(folder, { recursive: true, force: true });
  const workDir = join(host.instancesDir, '.work');
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  const waste = join(workDir, `file-${randomBytes(6).toString('hex')}`);
  renameSync(folder, waste);
  rmSync(waste, { recursive: true, force: true });
}
