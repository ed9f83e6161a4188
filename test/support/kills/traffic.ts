import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../scenario/load.js';

export interface FailedRequest {
  readonly begunAt: number;
  readonly endedAt: number;
  readonly what: string;
}

const answersOfALivingGateway = 12;

/** Requests all the time, to several addresses in turn: half of the clients keep their connection. */
export class Traffic {
  answered = 0;
  private readonly failed: FailedRequest[] = [];
  /** When the gateway itself was away, by our own doing. */
  private readonly away: { readonly from: number; to: number; answeredInARow: number }[] = [];
  private stopping = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly urls: () => readonly string[],
    clients: number,
    private readonly pauseMs: number,
  ) {
    this.running = Array.from({ length: clients }, (_, i) => this.client(i));
  }

  /** From now on requests may fail, until so many in a row were answered that began later. */
  gatewayIsAway(): void {
    const last = this.away.at(-1);
    if (last?.to === Number.POSITIVE_INFINITY) last.answeredInARow = 0;
    else this.away.push({ from: Date.now(), to: Number.POSITIVE_INFINITY, answeredInARow: 0 });
  }

  /** Waits until each client was answered at each address once more. */
  async isServed(giveUpAt: number): Promise<void> {
    const enough = this.answered + 2 * this.running.length * this.urls().length;
    const isEnough = (): boolean => this.answered >= enough && this.away.every(({ to }) => to < giveUpAt);
    while (!isEnough()) {
      if (Date.now() > giveUpAt) throw new Error('the gateway does not answer');
      await sleep(20);
    }
  }

  /** Those that must not have happened. */
  failures(): readonly FailedRequest[] {
    return this.failed.filter((failure) => !this.isExcused(failure));
  }

  /** Those that met a gateway which had been killed. */
  excused(): readonly FailedRequest[] {
    return this.failed.filter((failure) => this.isExcused(failure));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  private isExcused({ begunAt, endedAt }: FailedRequest): boolean {
    return this.away.some(({ from, to }) => begunAt <= to && endedAt >= from);
  }

  private async client(number: number): Promise<void> {
    const agent = number % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
    const kind = agent === false ? 'new connection' : 'kept connection';
    for (let turn = number; !this.stopping; turn++) {
      const urls = this.urls();
      const url = urls[turn % urls.length];
      if (url !== undefined) await this.request(url, agent, kind);
      await sleep(this.pauseMs);
    }
    if (agent !== false) agent.destroy();
  }

  private async request(url: string, agent: Agent | false, kind: string): Promise<void> {
    const begunAt = Date.now();
    try {
      await ask(url, agent);
      this.answered++;
      this.noteAnswer(begunAt);
    } catch (error) {
      const what = `${kind} to ${url}: ${(error as Error).message}`;
      this.failed.push({ begunAt, endedAt: Date.now(), what });
      const last = this.away.at(-1);
      if (last !== undefined) last.answeredInARow = 0;
    }
  }

  private noteAnswer(begunAt: number): void {
    const last = this.away.at(-1);
    if (last === undefined || last.to !== Number.POSITIVE_INFINITY || begunAt <= last.from) return;
    last.answeredInARow++;
    if (last.answeredInARow >= answersOfALivingGateway) last.to = Date.now();
  }
}
