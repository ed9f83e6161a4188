// How one service asks another: again if it was not answered. That is safe here, because every order carries its own
// id and the store takes each id once.
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });
const attempts = 4;
const notAnswered = new Set([502, 503, 504]);

/** Gives `{ status, body }`. Rejects if nobody answered in four attempts. */
export async function ask(base, method, path, body = null) {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await askOnce(new URL(path, base), method, body);
      if (!notAnswered.has(answer.status) || attempt === attempts) return answer;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
  }
}

function askOnce(url, method, body) {
  const payload = body === null ? '' : JSON.stringify(body);
  const headers = payload === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers, timeout: 10_000 }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        try {
          resolve({ status: incoming.statusCode, body: JSON.parse(text) });
        } catch {
          // A page of a gateway, not an answer of a service.
          resolve({ status: incoming.statusCode, body: { error: text.slice(0, 200) } });
        }
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${url.origin} did not answer`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
