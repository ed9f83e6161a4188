import { fromUtf8 } from '../core/base/bytes.js';
import type { WrittenRequest } from '../core/status/request.js';
import {
  readRequest,
  requestDocument,
  requestFolder,
  requestId,
  requestPath,
} from '../core/status/request.js';
import type { DomainName } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import type { AnsweredRequest } from '../core/rollout/domain.js';
import type { FileChange, Oid, Source } from '../ports/repository.js';
import { lookUp } from './at-commit.js';
import type { Core } from './core.js';
import type { FoundRequest } from './found-request.js';
import { heardRequest } from './heard-request.js';
import type { StatusBranch } from './status-branch.js';
import type { Steering } from './steered.js';

const limitBytes = 64 * 1024;

/** Looks for what people have said on the status branch while nobody listened; each is taken up once. */
export class WrittenRequests {
  private looking = false;
  private lookedAt: Oid | null = null;
  private hasLooked = false;

  constructor(private readonly core: Core) {}

  /** What lies there was not taken up yet, or nobody has looked. */
  get busy(): boolean {
    return !this.hasLooked || this.looking;
  }

  /** Its answer enters by the inbox. */
  look(): void {
    if (this.looking) return;
    this.looking = true;
    void this.find()
      .catch((): FoundRequest[] => [])
      .then((found) => this.core.inbox.push({ kind: 'said', found }));
  }

  handled(): void {
    this.looking = false;
    this.hasLooked = true;
  }

  private async find(): Promise<FoundRequest[]> {
    const { ports, domain, branch } = this.core;
    const tip = await branch.tipNow();
    if (tip === null || tip === this.lookedAt) return [];
    const found = await requestsAt(ports.source, tip, domain);
    this.lookedAt = tip;
    return found;
  }
}

/** Sorted as they were said. */
export async function requestsAt(source: Source, tip: Oid, domain: DomainName): Promise<FoundRequest[]> {
  const folder = await lookUp(source, tip, `${domain}/${requestFolder}`);
  if (folder.kind === 'unreadable') throw new Error(`the requests of ${domain} cannot be read`);
  const entries = folder.kind === 'absent' ? [] : ((await source.tree(folder.oid)) ?? []);
  const files = entries.flatMap(({ name, oid, kind }) => {
    const id = kind === 'tree' ? null : requestId(name);
    return id === null ? [] : [{ id, oid }];
  });
  const blobs =
    files.length === 0
      ? []
      : await source.blobs(
          files.map(({ oid }) => oid),
          limitBytes,
        );
  return files
    .map(({ id }, i) => {
      const written = blobs[i] ? readRequest(fromUtf8(blobs[i] as Uint8Array) ?? '') : null;
      return { id, written: written?.id === id ? written : null };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What is to be done, or why nothing is. */
export function heardOnBranch(
  core: Core,
  { id, written }: FoundRequest,
): { readonly request: Steering } | { readonly refused: string } | null {
  const { answered = [], tip } = core.state.domain;
  if (answered.some((one) => one.id === id)) return null;
  if (written === null) return { refused: 'it cannot be read' };
  const request = heardRequest(written.request);
  if (request === null) return { refused: 'it is no verb' };
  if ('wrong' in request) return { refused: request.wrong };
  switch (request.verb) {
    case 'status':
    case 'follow':
    case 'shutdown':
    case 'down':
      return { refused: `${request.verb} is not taken from a branch` };
    case 'abort':
    case 'promote':
    case 'retry':
    case 'release':
      // It was said of a rollout that the person saw.
      return written.tip === tip
        ? { request }
        : { refused: `it was said of ${short(written.tip)}, and ${short(tip)} is the tip by now` };
    case 'pause':
    case 'resume':
    case 'restart':
    case 'detach':
      return { request };
  }
}

/** Recorded together with what it does: whatever dies, it is done once. */
export function answeredItem(
  core: Core,
  { id, written }: FoundRequest,
  answer: { readonly done: boolean; readonly message: string },
): Item {
  const { redact } = core.ports;
  const text = (key: string): string => {
    const value = written?.request[key];
    return typeof value === 'string' ? value.slice(0, textLimit) : '';
  };
  const request: AnsweredRequest = {
    id,
    verb: redact(text('verb')),
    target: redact(text('target') === '' ? text('hold') : text('target')),
    who: redact(text('who')),
    reason: redact(text('reason')),
    done: answer.done,
    message: redact(answer.message),
  };
  return inDomain({ kind: 'request.answered', request });
}

/** Takes away what was answered: the answer stands in the memory that the same commit writes. */
export async function answeredChanges(core: Core, tip: Oid): Promise<FileChange[]> {
  const { domain, ports, state } = core;
  const answered = new Set((state.domain.answered ?? []).map(({ id }) => id));
  if (answered.size === 0) return [];
  const found = await requestsAt(ports.source, tip, domain);
  return found
    .filter(({ id }) => answered.has(id))
    .map(({ id }) => ({ path: requestPath(domain, id), content: null }));
}

/** Puts a request where the next controller finds it. A text: why that is not possible. */
export async function writeRequest(
  branch: StatusBranch,
  domain: DomainName,
  written: WrittenRequest,
): Promise<string | null> {
  const { verb, target, hold } = written.request;
  const what = String(verb) + ' ' + String(target ?? hold ?? domain);
  return branch.add(
    [{ path: requestPath(domain, written.id), content: requestDocument(written) }],
    `${domain}: ${what} is asked for\n`,
  );
}

const textLimit = 500;

function short(revision: string | null): string {
  return revision === null ? 'no commit' : revision.slice(0, 7);
}
