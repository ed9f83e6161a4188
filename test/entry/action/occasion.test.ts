import { describe, expect, it } from 'vitest';
import { occasionOf } from '../../../src/entry/action/occasion.js';

const [head, base, merge] = ['a', 'b', 'c'].map((digit) => digit.repeat(40));
const env = (event: string, more: Record<string, string> = {}) => ({
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_EVENT_NAME: event,
  GITHUB_SHA: merge ?? '',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_RUN_ID: '7',
  ...more,
});
const pull = (repository: string, more: object = {}) => ({
  pull_request: {
    number: 12,
    merged: false,
    head: { sha: head ?? '', ref: 'change', repo: { full_name: repository } },
    base: { sha: base ?? '', ref: 'main', repo: { full_name: 'acme/shop' } },
    ...more,
  },
});

describe('the event that a step runs for', () => {
  it('of a pull request is about what its merge would be, on top of its base', () => {
    expect(occasionOf(env('pull_request'), pull('acme/shop'))).toMatchObject({
      event: 'pullRequest',
      repositoryUrl: 'https://github.com/acme/shop',
      ref: 'refs/pull/12/merge',
      revision: merge,
      base,
      pullRequest: { number: 12, head, baseBranch: 'main', isFork: false },
      runUrl: 'https://github.com/acme/shop/actions/runs/7',
    });
  });

  it('of a pull request from another repository is one of a fork, also where that one was deleted', () => {
    expect(occasionOf(env('pull_request'), pull('mallory/shop')).pullRequest?.isFork).toBe(true);
    const deleted = pull('acme/shop', { head: { sha: head ?? '', ref: 'x', repo: null } });
    expect(occasionOf(env('pull_request'), deleted).pullRequest?.isFork).toBe(true);
  });

  it('of a queue is about its head', () => {
    const payload = {
      merge_group: { head_sha: head ?? '', base_sha: base ?? '', head_ref: 'refs/heads/gh-readonly-queue/x' },
    };
    expect(occasionOf(env('merge_group'), payload)).toMatchObject({
      event: 'mergeGroup',
      ref: 'refs/heads/gh-readonly-queue/x',
      revision: head,
      base,
      pullRequest: null,
    });
  });

  it('of a push is about what was pushed, and of a schedule about the tip, whatever that is by then', () => {
    expect(occasionOf(env('push'), null)).toMatchObject({ event: 'push', revision: merge });
    expect(occasionOf(env('schedule'), null)).toMatchObject({ event: 'schedule', revision: null, ref: null });
    expect(occasionOf(env('workflow_dispatch'), null)).toMatchObject({ event: 'manual', revision: null });
  });

  it('of an Enterprise Server is asked there', () => {
    const there = {
      GITHUB_SERVER_URL: 'https://git.acme.example',
      GITHUB_API_URL: 'https://git.acme.example/api/v3',
    };
    expect(occasionOf(env('push', there), null)).toMatchObject({
      repositoryUrl: 'https://git.acme.example/acme/shop',
      apiUrl: 'https://git.acme.example/api/v3',
    });
  });

  it('that runs with the secrets of the repository for anybody is refused', () => {
    expect(() => occasionOf(env('pull_request_target'), pull('mallory/shop'))).toThrow('hands the secrets');
  });

  it('that says nothing of a pull request, or has no repository, is refused with a way out', () => {
    expect(() => occasionOf(env('pull_request'), { pull_request: 'none' })).toThrow(
      'says nothing of a pull request',
    );
    expect(() => occasionOf({}, null)).toThrow('GITHUB_REPOSITORY');
  });
});
