import { actorOf, failure } from './access.js';
import { commentBody, labelBody } from './bodies.js';
import { pageOf } from './paging.js';
import type { Context, GithubRoute } from './routes.js';
import { timeOf, type StoredComment } from './state.js';

const any = ['issues', 'pull_requests'];
const maximumCharacters = 65_536;
const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}';
const ofComment = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

export const commentRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: `${ofIssue}/comments`,
    needs: { any, level: 'read' },
    answer: ({ request, parameters, context }) => {
      const number = pullNumber(context, parameters);
      if (number === null) return failure(404, 'Not Found');
      const all = context.state.comments.filter((comment) => comment.number === number);
      return { status: 200, body: pageOf(all, request).map((one) => commentBody(context.state, one)) };
    },
  },
  {
    method: 'POST',
    template: `${ofIssue}/comments`,
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context }) => {
      const { state, caller } = context;
      const number = pullNumber(context, parameters);
      const { body } = request.body as { body: string };
      if (number === null) return failure(404, 'Not Found');
      if (body.length > maximumCharacters) return tooLong();
      const at = timeOf(state);
      const comment: StoredComment = {
        id: state.nextId(),
        number,
        by: actorOf(caller),
        body,
        createdAt: at,
        updatedAt: at,
        edits: 0,
      };
      state.comments.push(comment);
      return { status: 201, body: commentBody(state, comment) };
    },
  },
  {
    method: 'PATCH',
    template: ofComment,
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context: { state } }) => {
      const comment = commentOf(state.comments, parameters);
      const { body } = request.body as { body: string };
      if (comment === undefined) return failure(404, 'Not Found');
      if (body.length > maximumCharacters) return tooLong();
      comment.body = body;
      comment.updatedAt = timeOf(state);
      comment.edits++;
      return { status: 200, body: commentBody(state, comment) };
    },
  },
  {
    method: 'DELETE',
    template: ofComment,
    needs: { any, level: 'write' },
    answer: ({ parameters, context: { state } }) => {
      const comment = commentOf(state.comments, parameters);
      if (comment === undefined) return failure(404, 'Not Found');
      state.comments.splice(state.comments.indexOf(comment), 1);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    template: `${ofIssue}/labels`,
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context: { state } }) => {
      const pull = state.pulls.find(({ number }) => String(number) === parameters['issue_number']);
      if (pull === undefined) return failure(404, 'Not Found');
      const { labels } = request.body as { labels: readonly string[] };
      pull.labels = [...new Set([...pull.labels, ...labels])];
      return { status: 200, body: pull.labels.map((name) => labelBody(state, name)) };
    },
  },
];

function pullNumber({ state }: Context, parameters: Readonly<Record<string, string>>): number | null {
  const found = state.pulls.find(({ number }) => String(number) === parameters['issue_number']);
  return found?.number ?? null;
}

function commentOf(
  comments: readonly StoredComment[],
  parameters: Readonly<Record<string, string>>,
): StoredComment | undefined {
  return comments.find(({ id }) => String(id) === parameters['comment_id']);
}

function tooLong(): ReturnType<GithubRoute['answer']> {
  const message = `body is too long (maximum is ${maximumCharacters} characters)`;
  return failure(422, 'Validation Failed', [
    { resource: 'IssueComment', code: 'unprocessable', field: 'data', message },
  ]);
}
