import { Agent, request, type RequestOptions } from 'node:http';
import { failed, noRequests, succeeded, type Tally } from './tally.js';

/** One request of the mix: what is asked, and whether on a connection of its own. */
interface Kind {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly keepAlive: boolean;
}

const page: Kind = { method: 'GET', path: '/', keepAlive: true };
const pageAnew: Kind = { ...page, keepAlive: false };
const orders: Kind = { method: 'GET', path: '/orders', keepAlive: true };
const ordersAnew: Kind = { ...orders, keepAlive: false };
const order: Kind = { method: 'POST', path: '/orders', keepAlive: true };
const orderAnew: Kind = { ...order, keepAlive: false };

/** Four in five look, one in ten looks at the page on a new connection, one in ten orders. */
const mix = [page, orders, pageAnew, orders, page, ordersAnew, page, orders, order, ordersAnew];
const mixWithNewOrder = mix.map((kind) => (kind === order ? orderAnew : kind));

const tickMs = 20;
/** Longer than the gateway holds a request while there is no backend. */
const answerWithinMs = 15_000;
/** Beyond this the machine is too busy to make more: then the load is less, and not a failure. */
const mostInFlight = 64;

export interface Load {
  tally(): Tally;
  /** Asks nothing more and settles when everything was answered. */
  stop(): Promise<void>;
}

/** Asks the shop all the time, each request once: what is not answered well has failed. */
export function startLoad(url: string, perSecond: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, scheduling: 'fifo' });
  let tally = noRequests;
  let next = 0;
  let owed = 0;
  const inFlight = new Set<Promise<void>>();

  function ask(): void {
    const turn = next++;
    const kinds = Math.floor(turn / mix.length) % 2 === 0 ? mix : mixWithNewOrder;
    const kind = kinds[turn % mix.length] as Kind;
    const asked = askOnce(url, kind, { agent, turn })
      .then(() => (tally = succeeded(tally, kind.method === 'POST')))
      .catch((error: Error) => (tally = failed(tally, `${kind.method} ${kind.path}: ${error.message}`)))
      .then(() => void inFlight.delete(asked));
    inFlight.add(asked);
  }

  const timer = setInterval(() => {
    owed = Math.min(owed + (perSecond * tickMs) / 1000, mostInFlight);
    for (; owed >= 1 && inFlight.size < mostInFlight; owed -= 1) ask();
  }, tickMs);

  return {
    tally: () => tally,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(inFlight);
      agent.destroy();
    },
  };
}

interface Ask {
  readonly agent: Agent;
  readonly turn: number;
}

const customers = ['Ada', 'Grace', 'Hedy', 'Katherine', 'Lise', 'Emmy', 'Maria'];
const items = ['sun sensor', 'mirror 1 m²', 'sun sensor', 'tracking drive', 'sun sensor'];

/** Not all alike, so that the page is nice to look at. */
function nextOrder(turn: number): { customer: string; item: string; quantity: number } {
  const nth = Math.floor(turn / mix.length);
  return {
    customer: customers[nth % customers.length] as string,
    item: items[nth % items.length] as string,
    quantity: 1 + (nth % 4),
  };
}

/** Rejects, saying why, unless the answer is whole and good. */
function askOnce(url: string, { method, path, keepAlive }: Kind, { agent, turn }: Ask): Promise<void> {
  const body = method === 'POST' ? JSON.stringify(nextOrder(turn)) : '';
  const options: RequestOptions = {
    agent: keepAlive ? agent : false,
    method,
    timeout: answerWithinMs,
    headers:
      body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        // 200 for an order: the shop had it already when one service asked another for the second time.
        if (answer.statusCode === 200 || answer.statusCode === 201) resolve();
        else reject(new Error(`status ${answer.statusCode} ${text.slice(0, 120)}`));
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${answerWithinMs / 1000} s`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
