import { describe, expect, it } from 'vitest';
import { readInputs } from '../../../src/entry/action/inputs.js';

describe('inputs of the Action', () => {
  it('come from the environment as the runner writes them: capitals, hyphens kept', () => {
    const inputs = readInputs({
      INPUT_COMMAND: 'apply',
      INPUT_DOMAIN: 'prod, staging',
      INPUT_TIMEOUT: '30m',
      'INPUT_OTHER-PLAN': 'hold',
      'INPUT_APP-ID': '42',
      'INPUT_APP-PRIVATE-KEY': 'a key',
      INPUT_COMMENT: 'No',
    });
    expect(inputs).toMatchObject({
      command: 'apply',
      domains: ['prod', 'staging'],
      timeoutMs: 1_800_000,
      otherPlan: 'hold',
      app: { id: 42, privateKey: 'a key' },
      comment: false,
    });
  });

  it('that are empty are as good as none: a workflow hands an unset variable on as nothing', () => {
    expect(readInputs({ INPUT_TIMEOUT: '', INPUT_DOMAIN: '  ' })).toMatchObject({
      command: 'plan',
      domains: [],
      timeoutMs: 1_800_000,
      comment: true,
      takeover: false,
    });
  });

  it.each([
    [{ INPUT_COMMAND: 'deploy' }, 'command: there is no deploy'],
    [{ INPUT_TIMEOUT: 'soon' }, 'timeout: soon is no duration'],
    [{ INPUT_COMMENT: 'maybe' }, 'comment: maybe is neither true nor false'],
    [{ 'INPUT_APP-ID': '42' }, 'a GitHub App needs app-id'],
    [{ 'INPUT_APP-ID': 'x', 'INPUT_APP-PRIVATE-KEY': 'a key' }, 'a GitHub App needs app-id'],
    [{ INPUT_REVERTS: 'never' }, 'reverts: there is no never'],
  ])('of %j are refused by name, with what may stand there', (env, message) => {
    expect(() => readInputs(env)).toThrow(message);
  });

  it('never repeat a key in what they complain of', () => {
    const env = { 'INPUT_APP-ID': 'none', 'INPUT_APP-PRIVATE-KEY': 'pl4nted' };
    expect(() => readInputs(env)).toThrow(/^(?!.*pl4nted)/);
  });
});
