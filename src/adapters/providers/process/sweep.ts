import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kindOf } from '../parts/folders.js';
import { readRecord, recordFiles, placesOf, removeRecord } from './records.js';

const hourMs = 3_600_000;
/** How long the folder of an instance that was reset and never created again is kept for evidence. */
const evidenceMs = 24 * hourMs;
/** Logs of instances that are gone. */
const logLimit = 400;

/** Gone at once for everybody who looks; links in it are removed, not followed. */
export function throwAway(folder: string, workDir: string): void {
  if (kindOf(folder) === null) return;
  const waste = join(workDir, `${basename(folder)}-${randomBytes(4).toString('hex')}`);
  renameSync(folder, waste);
  rmSync(waste, { recursive: true, force: true });
}

/** Removes what nobody needs any more, left by a crash or kept long enough. */
export function sweep(instancesDir: string): void {
  const now = Date.now();
  const workDir = join(instancesDir, '.work');
  for (const path of pathsIn(workDir))
    if (now - changedMs(path) > hourMs) rmSync(path, { recursive: true, force: true });
  for (const file of recordFiles(instancesDir)) {
    if (now - changedMs(file) < evidenceMs) continue;
    const record = readRecord(file);
    if (record?.reset !== true) continue;
    throwAway(placesOf(instancesDir, record.id).folder, workDir);
    removeRecord(file);
  }
  sweepLogs(instancesDir);
}

function sweepLogs(instancesDir: string): void {
  const kept = new Set(recordFiles(instancesDir).map((file) => basename(file, '.json')));
  const ownerless = pathsIn(join(instancesDir, '.logs')).filter((path) => !kept.has(ownerOf(basename(path))));
  if (ownerless.length <= logLimit) return;
  const byAge = ownerless.map((path) => ({ path, at: changedMs(path) })).sort((a, b) => b.at - a.at);
  for (const { path } of byAge.slice(logLimit)) rmSync(path, { force: true });
}

function ownerOf(logName: string): string {
  return logName.replace(/\.(out|err)(\.1|\.previous)?$/, '');
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
