import type { Comment } from '../../../ports/forge.js';
import {
  findComment,
  standingOf,
  writeComment,
  type Comments,
  type FoundComment,
} from '../parts/comments.js';
import { listOf, type Call } from './call.js';

interface ApiComment {
  readonly id: number;
  readonly html_url: string;
  readonly body: string;
  readonly user: { readonly login: string } | null;
}

export async function readComment(call: Call, number: number, marker: string): Promise<Comment | null> {
  const found = await findComment(commentsOf(call, number), marker);
  return found === null ? null : shown(found);
}

export async function writeOurComment(
  call: Call,
  number: number,
  text: { readonly marker: string; readonly body: string },
): Promise<Comment> {
  return shown(await writeComment(commentsOf(call, number), text, call.patience));
}

function shown({ url, body }: Comment): Comment {
  return { url, body };
}

function commentsOf(call: Call, number: number): Comments {
  const { ask, repository } = call;
  const found = async (comment: unknown): Promise<FoundComment> => {
    const { id, html_url, body, user } = comment as ApiComment;
    const author = await call.author();
    const isOurs = author !== null && user?.login.toLowerCase() === author.toLowerCase();
    return { id, url: html_url, body, ...standingOf(isOurs, user?.login, call.trusted) };
  };
  const asOurs = async (comment: unknown): Promise<FoundComment> => {
    const { user } = comment as ApiComment;
    // Who wrote is known for certain only now.
    if (user !== null) call.learn(user.login);
    return await found(comment);
  };
  return {
    // Gitea gives all comments at once.
    list: async () =>
      Promise.all(listOf(await ask('GET', `${repository}/issues/${number}/comments`)).map(found)),
    create: async (body) =>
      asOurs(await ask('POST', `${repository}/issues/${number}/comments`, { body: { body } })),
    // The author stays who it was, which may be another one that is trusted.
    update: async (id, body) =>
      found(await ask('PATCH', `${repository}/issues/comments/${id}`, { body: { body } })),
    remove: (id) => ask('DELETE', `${repository}/issues/comments/${id}`),
  };
}
