import type { Outline } from '../../adapters/git/index.js';
import { utf8 } from '../../core/base/bytes.js';
import { isMap, type JsonMap } from '../../core/base/data.js';
import type { SolutionName } from '../../core/base/names.js';
import { readText } from '../../core/model/text.js';
import type { Judgement } from '../../core/status/bisect.js';
import { judgeSolution } from '../../core/status/bisect.js';
import { readMemory } from '../../core/status/emit.js';
import { readFile } from '../../engine/at-commit.js';
import type { Looking } from './looking.js';

/** A document of the status branch. */
export interface Then {
  /** What is in it for people; null: there is none. */
  readonly said: JsonMap | null;
  readonly memory: unknown;
}

/** The stretch in which a solution was unhealthy last, as positions among the commits of the status branch. */
export interface Span {
  /** -1: everything that is remembered before it is no better. */
  readonly lastGood: number;
  readonly first: number;
  /** Null: it is not over. */
  readonly until: number | null;
}

/** A solution through the commits of the status branch, oldest first; each is read at most once. */
export class SolutionThen {
  /** Of the document. */
  readonly path: string;
  private readonly known = new Map<number, Promise<Then>>();

  constructor(
    private readonly looking: Looking,
    private readonly solution: SolutionName,
    readonly commits: readonly Outline[],
  ) {
    this.path = `${looking.location.domain}/solutions/${solution}/solution.yaml`;
  }

  /** Commits that were read so far. */
  get read(): number {
    return [...this.known.keys()].filter((position) => position >= 0).length;
  }

  /** While a rollout is under way that may yet end well, the state before it counts. */
  async wasBad(position: number): Promise<boolean> {
    for (let at = position; at >= 0; at--) {
      const judged = await this.judgedAt(at);
      if (judged !== 'open') return judged === 'bad';
    }
    return false;
  }

  async judgedAt(position: number): Promise<Judgement> {
    return judgeSolution((await this.at(position)).said);
  }

  at(position: number): Promise<Then> {
    const known = this.known.get(position);
    if (known !== undefined) return known;
    const reading = this.readAt(position);
    this.known.set(position, reading);
    return reading;
  }

  /** What a commit's message says of one revision that changed this solution; null: nothing that is certain. */
  verdictAt(position: number): string | null {
    const body = this.commits[position]?.body ?? '';
    if (trailers(body, 'Heliostat-Revision').length !== 1) return null;
    const rollout = new RegExp(`^[0-9a-f]+-\\d+-${this.solution}$`);
    if (!trailers(body, 'Heliostat-Rollout').some((id) => rollout.test(id))) return null;
    return trailers(body, 'Heliostat-Verdict')[0] ?? null;
  }

  private async readAt(position: number): Promise<Then> {
    const commit = this.commits[position];
    const { source } = this.looking.location.repository;
    // Before the first one nothing was said.
    const text = commit === undefined ? null : await readFile(source, commit.oid, this.path);
    return thenIn(text);
  }
}

export function thenIn(text: string | null): Then {
  if (text === null) return { said: null, memory: null };
  const end = text.indexOf('\nmemory: ');
  const { data } = readText(utf8(end < 0 ? text : text.slice(0, end + 1)));
  return { said: data !== null && isMap(data) ? data : null, memory: readMemory(text) };
}

function trailers(body: string, key: string): string[] {
  return body
    .split('\n')
    .filter((line) => line.startsWith(`${key}: `))
    .map((line) => line.slice(key.length + 2));
}
