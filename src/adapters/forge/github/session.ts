import { redactorOf, type Redactor } from '../../../core/base/safe-text.js';
import { Patience, paceOf } from '../parts/patience.js';
import { findAuthor } from './author.js';
import type { Author, Call, Requests } from './call.js';
import { makeClient } from './client.js';
import { credentialsOf, type Credentials } from './credentials.js';
import { failureOf } from './failures.js';
import type { GithubOptions } from './options.js';

export interface Session {
  readonly credentials: Credentials;
  run<T>(work: (call: Call) => Promise<T>): Promise<T>;
}

export function openSession(options: GithubOptions): Session {
  const pace = paceOf(options.waiting);
  const seen = new Set<string>();
  const redact: Redactor = (text) => options.redact(redactorOf(seen)(text));
  const found = credentialsOf(options, pace);
  const translated = async <T>(asked: () => Promise<T>): Promise<T> => {
    try {
      return await asked();
    } catch (error) {
      throw failureOf(error, redact);
    }
  };
  const credentials: Credentials = {
    token: async () => {
      const token = await translated(() => found.token());
      seen.add(token);
      return token;
    },
    app: () => translated(() => found.app()),
  };
  const client = makeClient({ apiUrl: options.apiUrl, pace, authorization: () => credentials.token() });
  const { owner, name: repo } = options.repository;
  let author: Author | null = null;

  const run: Session['run'] = async (work) => {
    const patience = new Patience(pace);
    const bounds = { request: { signal: patience.signal, patience } };
    const request = client.request.defaults(bounds) as Requests;
    const call: Call = {
      at: { owner, repo },
      patience,
      credentials,
      trusted: options.trusted ?? [],
      warn: (text) => options.log?.write('warn', text),
      ask: (send) => translated(() => send(request)),
      graphql: (query) => translated(() => client.graphql(query, bounds)),
      author: async () => (author ??= await findAuthor(call)),
      learn: (known) => (author = known),
    };
    try {
      return await work(call);
    } finally {
      patience.end();
    }
  };
  return { credentials, run };
}
