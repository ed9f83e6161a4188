import { expect, it } from 'vitest';
import { pullRequestInSubject } from '../../../src/core/status/pull-request.js';

it.each([
  ['Merge pull request #12 from acme/raise', 12],
  ["Merge pull request 'Raise api' (#12) from raise into main", 12],
  ['Raise api (#12)', 12],
  ['Revert "Raise api (#12)" (#14)', 14],
])('%s came by a pull request, as forges write it', (subject, number) => {
  expect(pullRequestInSubject(subject)).toBe(number);
});

it.each([
  'Raise api',
  'Revert "Raise api (#12)"',
  'Fixes #12',
  'See (#12) for why',
  'Raise api (#1234567890)',
])('%s only speaks of something with a number', (subject) => {
  expect(pullRequestInSubject(subject)).toBeNull();
});
