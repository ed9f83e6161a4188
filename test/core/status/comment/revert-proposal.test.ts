import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/core/base/digest.js';
import type { ClusterKey, ElementName, RolloutId, SolutionName } from '../../../../src/core/base/names.js';
import { safe } from '../../../../src/core/base/safe-text.js';
import type { SolutionState } from '../../../../src/core/rollout/state.js';
import {
  personalRevertProposal,
  revertProposal,
} from '../../../../src/core/status/comment/revert-proposal.js';
import { expectGolden } from './support/golden.js';
import { hostileText } from './support/hostile-text.js';
import { seen } from './support/markdown.js';
import { evil } from './support/planned.js';
import { atMs, base, merged, prod, web } from './support/reports.js';

const due = { revision: merged, arrival: 1, solutions: [] };
const links = { commitUrl: `${web}/commit/${merged}`, origin: { name: '#123', url: `${web}/pull/123` } };

function failed(name: string, element: string, reason: string, evidence: readonly string[]): SolutionState {
  return {
    name: name as SolutionName,
    elements: new Map(),
    rollout: {
      id: `${name}-1` as RolloutId,
      revision: merged,
      arrival: 1,
      phase: 'reverted',
      reason: safe(reason),
      planDigest: '1:a' as Digest,
      desiredDigest: '1:b' as Digest,
      startedAt: 0,
      startedWallMs: atMs,
      changes: {},
    },
    desiredDigest: null,
    revision: merged,
    lastStable: { revision: base, desiredDigest: '1:c' as Digest },
    former: {},
    quarantine: {
      revision: merged,
      arrival: 1,
      reason: safe(reason),
      desiredDigest: '1:b' as Digest,
      clusters: [{ element: element as ElementName, cluster: '1.5.0~0a1b2c3d' as ClusterKey }],
      evidence: evidence.map(safe),
      sinceWallMs: atMs,
    },
    detached: false,
  };
}

describe('the pull request of a revert', () => {
  it('shows what failed and why, what it undoes, and what to do next', () => {
    const shop = failed('shop', 'api', 'api 1.5.0 #0: health check /health answered 503, 3 times in a row', [
      'listening on 0.0.0.0:20011',
      'error: cannot reach store: connection refused (password [redacted])',
      'exit code 1',
    ]);
    const front = { ...failed('front', 'web', 'went back with shop', []), quarantine: null };
    const { title, body, labels } = revertProposal(prod, due, [shop, front], links);
    expect(title).toBe('Revert shop, front in prod: shop/api 1.5.0 failed');
    expect(labels).toEqual(['heliostat', 'revert']);
    expectGolden('revert-proposal', body);
  });

  it('says by its trailers what it stands for, so that it is found again', () => {
    const { body } = revertProposal(prod, due, [failed('shop', 'api', 'x', [])], links);
    expect(body.trimEnd().split('\n').slice(-3)).toEqual([
      `Heliostat-Reverts: ${merged} 1`,
      'Heliostat-Rollout: shop-1',
      'Heliostat-Quarantine: shop/api 1.5.0',
    ]);
  });

  it('does nothing of what the evidence says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(evil), hostileText), (text) => {
        const { title, body } = revertProposal(prod, due, [failed(text, text, text, [text, text])], {
          commitUrl: text,
          origin: { name: text, url: text },
        });
        expect(title).not.toMatch(/[`@#<>\p{Cc}]/u);
        expect(title.length).toBeLessThanOrEqual(256);
        const { prose, isClosed } = seen(body);
        expect(isClosed).toBe(true);
        expect(prose).not.toMatch(/@[A-Za-z0-9]|(?<!&)#[0-9]|:\/\/|(?<!\\)!\[|<!--|<[a-rt-z]/i);
      }),
      { numRuns: 100 },
    );
  });

  it('stays within what a forge takes, however many solutions went back', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      failed(`shop-${i}`, 'api', 'x'.repeat(5_000), Array<string>(50).fill('y'.repeat(2_000))),
    );
    const { title, body } = revertProposal(prod, due, many, links);
    expect(title).toBe('Revert shop-0 and 299 more in prod: shop-0/api 1.5.0 and 299 more failed');
    expect(body.length).toBeLessThan(200_000);
    expect(body).toContain('… and 280 more solutions.');
  });
});

describe('the pull request of a revert that a person asks for', () => {
  it('says what it takes back and why, and nothing of it does anything', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const of = {
          domain: prod,
          revision: merged,
          subject: text,
          reason: text,
          files: [text],
          stays: [text],
        };
        const { title, body } = personalRevertProposal(of, links);
        expect(title.length).toBeLessThanOrEqual(200);
        expect(title).not.toMatch(/[`@#<>\n]/);
        const { prose, isClosed } = seen(body);
        expect(isClosed).toBe(true);
        expect(prose).not.toMatch(/@[A-Za-z0-9]|(?<!&)#[0-9]|(?<!\\)!\[|<!--|<[a-rt-z]/i);
        expect(body).toContain('#### Next');
      }),
      { numRuns: 100 },
    );
  });
});
