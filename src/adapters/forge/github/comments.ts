import type { Comment } from '../../../ports/forge.js';
import { findComment, writeComment, type Comments, type FoundComment } from '../parts/comments.js';
import { authorOf, isBy } from './author.js';
import { allPages, perPage } from './pages.js';
import type { Author, Call } from './call.js';

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
  const asOurs = async ({ data }: { data: ApiComment }): Promise<FoundComment> => {
    // Who wrote is known for certain only now.
    if (data.user !== null) call.learn(authorOf(data.user.login));
    return foundComment(data, await call.author());
  };
  return {
    list: async () => {
      const author = await call.author();
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
      return all.map((comment) => foundComment(comment, author));
    },
    create: async (body) =>
      asOurs(
        await call.ask((request) =>
          request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number, body }),
        ),
      ),
    update: async (comment_id, body) =>
      asOurs(
        await call.ask((request) =>
          request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id, body }),
        ),
      ),
    remove: (comment_id) =>
      call.ask((request) =>
        request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id }),
      ),
  };
}

function foundComment({ id, html_url, body = '', user }: ApiComment, author: Author): FoundComment {
  return { id: Number(id), url: html_url, body, isOurs: isBy(author, user?.login) };
}
