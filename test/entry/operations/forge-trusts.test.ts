import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/entry/cli/operations.js';
import { readInputs } from '../../../src/entry/action/inputs.js';
import type { Json } from '../../../src/core/base/data.js';
import { ConfigMap } from '../../../src/entry/operations/config-map.js';
import { forgeConfig as readForge } from '../../../src/entry/operations/forge-config.js';

const forgeConfig = (forge: Json) => readForge(ConfigMap.whole('c.yaml', { forge }));

const of = (trusts: string | readonly string[] | null) => forgeConfig({ kind: 'github', trusts });

describe('whose comments count as ours', () => {
  it('is nobody else where nothing is said', () => {
    expect(forgeConfig({ kind: 'github' })?.trusts).toEqual([]);
    expect(of(null)?.trusts).toEqual([]);
    expect(readInputs({}).trusts).toEqual([]);
  });

  it('is a list of logins, those of Apps included', () => {
    expect(of(['github-actions[bot]', 'release-robot'])?.trusts).toEqual([
      'github-actions[bot]',
      'release-robot',
    ]);
    expect(readInputs({ INPUT_TRUSTS: 'acme-heliostat[bot], other' }).trusts).toEqual([
      'acme-heliostat[bot]',
      'other',
    ]);
  });

  it('is nothing else, since what looks like a pattern would be one of nobody', () => {
    for (const wrong of ['github-actions[bot]', ['*'], ['a b'], ['@octocat']])
      expect(() => of(wrong)).toThrow(Failure);
  });
});
