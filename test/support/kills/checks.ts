import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileDisk } from '../../../src/adapters/disk/file-disk.js';
import type { DomainName } from '../../../src/core/base/names.js';
import type { State } from '../../../src/core/journal/fold.js';
import { stateFrom } from '../../../src/engine/boot.js';
import { openJournal } from '../../../src/engine/journal/open.js';
import { git } from '../real-git.js';
import { doubled } from '../scenario/census.js';
import { elementDocument, noteOf, statusBranch } from '../scenario/memory.js';
import { environmentOf, parentOf, type Installation } from './installation.js';
import { processParts, versionOf, type Shape } from './shape.js';
import { listeningPorts } from './sockets.js';

/** What is not yet as the tip of the branch asks for; empty when everything is. */
export function differences(at: Installation, shape: Shape, tip: string): string[] {
  const said = noteOf(at.repository, 'test', tip);
  if (said !== 'applied') return [`${tip.slice(0, 7)} is ${said ?? 'without a verdict'}`];
  return [...wrongInstances(at, shape), ...wrongFiles(at, shape), ...wrongProcesses(at)];
}

/** Exactly one leader for each instance that is asked for, of the version and with the note that the model says. */
function wrongInstances(at: Installation, shape: Shape): string[] {
  const wanted = new Map<string, string>();
  for (const [key, part] of processParts(shape)) {
    for (let ordinal = 0; ordinal < part.size; ordinal++)
      wanted.set(`test/${key}/${versionOf(shape, part)}/${ordinal}`, part.note);
  }
  const found = at.instances();
  const wrong = doubled(found).map((owner) => `${owner} runs twice`);
  const seen = new Set<string>();
  for (const { id, pid } of found) {
    const plain = id.replace(/~[0-9a-f]+\//, '/');
    if (!wanted.has(plain) || seen.has(plain)) wrong.push(`${id} (pid ${pid}) is not asked for`);
    const note = environmentOf(pid).get('NOTE');
    if (wanted.has(plain) && note !== wanted.get(plain)) wrong.push(`${id} has the note ${note}`);
    seen.add(plain);
  }
  return [...wrong, ...[...wanted.keys()].filter((id) => !seen.has(id)).map((id) => `${id} does not run`)];
}

export function greetingFile(at: Installation): string | null {
  const instance = elementDocument(at.repository, 'test', 'side/greeting')?.clusters[0]?.instances[0];
  return instance?.resource ? join(instance.resource, 'greeting.txt') : null;
}

function wrongFiles(at: Installation, shape: Shape): string[] {
  const file = greetingFile(at);
  const text = file === null ? null : readOrNull(file);
  return text === `${shape.greeting}\n` ? [] : [`the greeting is ${JSON.stringify(text)}`];
}

/** One gateway, at most one reader, and nothing whose daemon has been killed. */
function wrongProcesses(at: Installation): string[] {
  const { gateways, readers, others } = at.processes();
  const wrong = others.map((pid) => `pid ${pid} belongs to nobody`);
  if (gateways.length !== 1) wrong.push(`${gateways.length} gateways run`);
  for (const pid of readers)
    if (parentOf(pid) !== at.daemon?.pid) wrong.push(`the reader ${pid} has lost its daemon`);
  if (readers.length > 1) wrong.push(`${readers.length} readers run`);
  return wrong;
}

/** Ports that are listened on, against those that the journal knows as assigned: none is leaked, none is missing. */
export async function wrongPorts(at: Installation): Promise<string[]> {
  const state = await stateOnDisk(at);
  if (typeof state === 'string') return [state];
  const { instances, gateways } = at.processes();
  const open = [...instances.map(({ pid }) => pid), ...gateways].flatMap(listeningPorts).sort(upwards);
  const assigned = [...state.tables.ports.keys()].sort(upwards);
  const wrong = [...state.tables.solutions.values()].flatMap((solution) =>
    [...solution.elements.values()].flatMap(({ key, track }) =>
      track === null ? [] : [`${key} is on its way`],
    ),
  );
  if (`${open}` !== `${assigned}`) wrong.push(`ports ${open} are open, ports ${assigned} are assigned`);
  if (state.domain.holds.size > 0) wrong.push(`held: ${[...state.domain.holds.keys()].join(', ')}`);
  return wrong;
}

function upwards(a: number, b: number): number {
  return a - b;
}

/** The journal, read as a start would read it, from a copy. @returns why it cannot be used, where it cannot. */
export async function stateOnDisk(at: Installation): Promise<State | string> {
  const copy = mkdtempSync(join(at.folder, 'copy-'));
  try {
    cpSync(join(at.repository, '.heliostat/state/test/journal'), join(copy, 'journal'), { recursive: true });
    const disk = fileDisk(copy);
    const opened = await openJournal({ disk, folder: 'journal' });
    if (!opened.ok) return `the journal cannot be used: ${opened.failure.message}`;
    const state = stateFrom('test' as DomainName, opened);
    await opened.journal.close();
    await disk.close();
    return state ?? 'the snapshot of the journal cannot be read';
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const final = /^(applied|rejected|superseded)\b/;

/** What was pushed and what became of it. */
export class Ledger {
  private readonly pushed: { readonly commit: string; readonly sound: boolean; verdict: string | null }[] =
    [];

  add(commit: string, sound: boolean): void {
    this.pushed.push({ commit, sound, verdict: null });
  }

  /** Called when the tip has its verdict: then every commit before it has one, and a final one never changes. */
  wrong(repository: string): string[] {
    const wrong: string[] = [];
    const notes = notesOf(repository);
    for (const known of this.pushed) {
      const verdict = /^\w+/.exec(notes.get(known.commit) ?? '')?.[0] ?? null;
      const short = known.commit.slice(0, 7);
      if (verdict === null || !final.test(verdict)) wrong.push(`${short} has no verdict: ${verdict}`);
      else if (known.verdict !== null && known.verdict !== verdict)
        wrong.push(`${short} was ${known.verdict} and is ${verdict}`);
      // What was overtaken before anybody looked at it was never judged.
      else if (verdict === (known.sound ? 'rejected' : 'applied')) wrong.push(`${short} is ${verdict}`);
      known.verdict = verdict;
    }
    const order = git(repository, 'rev-list', '--first-parent', '--reverse', 'HEAD').split('\n');
    const expected = this.pushed.map(({ commit }) => commit);
    if (`${order}` !== `${expected}`) wrong.push('the branch is not what was pushed');
    return wrong;
  }
}

/** One `git` for all: a question for each commit takes longer than the rollout. */
function notesOf(repository: string): Map<string, string> {
  const text = git(repository, 'log', '--format=%H%x00%N%x01', '--notes=heliostat', 'HEAD');
  return new Map(
    text.split('\x01').map((entry) => {
      const [commit = '', note = ''] = entry.trim().split('\0');
      return [
        commit,
        note
          .split('\n')
          .find((line) => line.startsWith('test: '))
          ?.slice(6) ?? '',
      ] as const;
    }),
  );
}

/** The branch only grows, in a line. @returns its tip, or what is wrong. */
export function growth(
  repository: string,
  former: string | null,
): { readonly tip: string } | { readonly wrong: string } {
  const tip = git(repository, 'rev-parse', statusBranch);
  if (git(repository, 'rev-list', '--min-parents=2', '--count', statusBranch) !== '0')
    return { wrong: 'the status branch has a merge' };
  if (former !== null && !git(repository, 'rev-list', statusBranch).split('\n').includes(former))
    return { wrong: 'the status branch was rewritten' };
  return { tip };
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
