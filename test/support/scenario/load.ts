import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  /** Requests answered well so far. */
  readonly answered: () => number;
  /** What went wrong, one line a request. */
  readonly failures: readonly string[];
  /** Versions that answered, or what else is heard in an answer, in the order in which they were first heard. */
  readonly versions: readonly string[];
  /** Which version answered, in the order of the answers. */
  readonly answers: readonly string[];
  /** Settles when everything was answered. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly clients?: number;
  readonly pauseMs?: number;
  readonly path?: string;
  /** What is kept of an answer; null: nothing. */
  readonly hear?: (text: string) => string | null;
}

const answerWithinMs = 30_000;
/** Where we ourselves were held up so long, the answer is there and has only to be read. */
const graceMs = 2_000;

/** Asks all the time, each request once: half of the clients keep their connection, half take a new one each time. */
export function startLoad(port: number, options: LoadOptions = {}): Load {
  const { clients = 6, pauseMs = 12, path = '/', hear = versionIn } = options;
  const failures: string[] = [];
  const versions: string[] = [];
  const answers: string[] = [];
  let answered = 0;
  let stopping = false;
  const client = async (agent: Agent | false): Promise<void> => {
    while (!stopping) {
      try {
        const version = hear(await answerOf(`http://127.0.0.1:${port}${path}`, agent));
        answered += 1;
        if (version !== null) answers.push(version);
        if (version !== null && !versions.includes(version)) versions.push(version);
      } catch (error) {
        failures.push(
          `after ${answered}: ${agent === false ? 'new connection' : 'kept connection'}: ${(error as Error).message}`,
        );
      }
      await sleep(pauseMs);
    }
    if (agent !== false) agent.destroy();
  };
  const running = Array.from({ length: clients }, (_, i) =>
    client(i % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false),
  );
  return {
    answered: () => answered,
    failures,
    versions,
    answers,
    stop: async () => {
      stopping = true;
      await Promise.all(running);
    },
  };
}

/** Gives the version that answered, if it says one. */
export async function ask(url: string, agent: Agent | false = false): Promise<string | null> {
  return versionIn(await answerOf(url, agent));
}

function versionIn(text: string): string | null {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? null;
}

function answerOf(url: string, agent: Agent | false): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: answerWithinMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    request.on('timeout', () => {
      const late = setTimeout(
        () => request.destroy(new Error(`no answer in ${answerWithinMs / 1000} s`)),
        graceMs,
      );
      request.on('close', () => clearTimeout(late));
    });
    request.on('error', reject);
  });
}
