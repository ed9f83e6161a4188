import type { Comment } from '../../../ports/forge.js';
import {
  findComment,
  standingOf,
  writeComment,
  type Comments,
  type FoundComment,
} from '../parts/comments.js';
import { authorOf, isBy } from './author.js';
import { allPages, perPage } from './pages.js';
import type { Call } from './call.js';

/** GitHub takes no more than 2,500 comments on a pull request. */
const maximumPages = 26;

export async function readComment(call: Call, number: number, marker: string): Promise<Comment | null> {
  return shown(await findComment(commentsOf(call, number), marker));
}

export async function writeOurComment(
  call: Call,
  number: number,
  text: { readonly marker: string; readonly body: string },
): Promise<Comment> {
  return shown(await writeComment(commentsOf(call, number), text, call.patience));
}

function shown<T extends Comment | null>(comment: T): T {
  return (comment === null ? null : { url: comment.url, body: comment.body }) as T;
}

interface ApiComment {
  readonly id: number | bigint;
  readonly html_url: string;
  readonly body?: string | undefined;
  readonly user: { readonly login: string } | null;
}

function commentsOf(call: Call, issue_number: number): Comments {
  const { at } = call;
  const found = async ({ id, html_url, body = '', user }: ApiComment): Promise<FoundComment> => {
    const standing = standingOf(isBy(await call.author(), user?.login), user?.login, call.trusted);
    return { id: Number(id), url: html_url, body, ...standing };
  };
  const asOurs = async ({ data }: { data: ApiComment }): Promise<FoundComment> => {
    // Who wrote is known for certain only now.
    if (data.user !== null) call.learn(authorOf(data.user.login));
    return await found(data);
  };
  return {
    list: async () => {
      const all = await allPages(maximumPages, async (page) => {
        const { data } = await call.ask((request) =>
          request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            ...at,
            issue_number,
            per_page: perPage,
            page,
          }),
        );
        return data;
      });
      return Promise.all(all.map(found));
    },
    create: async (body) =>
      asOurs(
        await call.ask((request) =>
          request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number, body }),
        ),
      ),
    // The author stays who it was, which may be another one that is trusted.
    update: async (comment_id, body) => {
      const { data } = await call.ask((request) =>
        request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id, body }),
      );
      return found(data);
    },
    remove: (comment_id) =>
      call.ask((request) =>
        request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id }),
      ),
  };
}
