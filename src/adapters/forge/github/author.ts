import { Refusal, Silence } from '../parts/answers.js';
import type { Author, Call } from './call.js';

const actions = 'github-actions[bot]';

/**
 * An App is asked for by its own name. A token that GitHub made for an installation (`ghs_`) may not see GET /user;
 * GraphQL tells whose it is, the one of Actions included.
 */
export async function findAuthor(call: Call): Promise<Author> {
  const app = await call.credentials.app();
  if (app !== null) return authorOf(`${app.slug}[bot]`);
  const token = await call.credentials.token();
  if (!token.startsWith('ghs_')) {
    const user = await call.ask((request) => request('GET /user')).catch(unlessForbidden);
    if (user !== null) return authorOf(user.data.login);
  }
  try {
    const { viewer } = await call.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
    return authorOf(viewer.login);
  } catch (error) {
    // Where GraphQL is not to be had: a workflow's own token is the one that most people give. If it is another one,
    // the answer to the first write tells.
    if (error instanceof Refusal && error.status !== 401) return authorOf(actions);
    throw error;
  }
}

export function authorOf(login: string): Author {
  return { login, isActions: login === actions };
}

export function isBy(author: Author, login: string | undefined): boolean {
  return login?.toLowerCase() === author.login.toLowerCase();
}

function unlessForbidden(error: unknown): null {
  if (error instanceof Silence || !(error instanceof Refusal) || ![403, 404].includes(error.status ?? 0))
    throw error;
  return null;
}
