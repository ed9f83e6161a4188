import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/core/base/digest.js';
import type { ElementKey } from '../../../../src/core/base/names.js';
import { utf8 } from '../../../../src/core/base/bytes.js';
import {
  commentLimit,
  emptyComment,
  emptyMemory,
  marker,
  type CommentDocument,
  type SectionMemory,
} from '../../../../src/core/status/comment/document.js';
import { withDrift } from '../../../../src/core/status/comment/drift.js';
import { decodeMemory, encodeMemory } from '../../../../src/core/status/comment/memory.js';
import { withOutcome } from '../../../../src/core/status/comment/outcome-update.js';
import { withPlan } from '../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../src/core/status/comment/read.js';
import { writeComment } from '../../../../src/core/status/comment/write.js';
import {
  atMs,
  create,
  head,
  head2,
  merged,
  outcome,
  plan,
  planned,
  prod,
  retire,
  solution,
  staging,
  update,
} from './support/reports.js';

const write = (document: CommentDocument) => writeComment(document, commentLimit);
const memoryOf = (document: CommentDocument | null): SectionMemory => {
  const found = document?.sections.get(prod)?.memory;
  if (found === undefined) throw new Error('there is no section');
  return found;
};
const shown = plan([update('shop/api', '1.4.0', '1.5.0'), create('shop/mail')]);
const first = withPlan(emptyComment(), planned(shown));

describe('a comment that is read', () => {
  it('is ours by its first line alone, since everybody can write the marker further down', () => {
    expect(readComment('Looks good to me')).toBeNull();
    expect(readComment(`Quoting:\n${marker}\n`)).toBeNull();
    expect(readComment('')).toBeNull();
    expect(readComment(marker)).toEqual(emptyComment());
  });

  it('is the document that was written, also with the line ends of a browser', () => {
    expect(readComment(write(first))).toEqual(first);
    expect(readComment(write(first).replaceAll('\n', '\r\n'))).toEqual(first);
  });

  it('tells the digest that a plan-bound apply compares', () => {
    expect(memoryOf(readComment(write(first)))).toMatchObject({
      planDigest: shown.digest,
      head,
      phase: 'planned',
      counts: { create: 1, update: 1 },
      changes: ['shop/api 1.4.0 → 1.5.0 (3 instances) update', 'shop/mail 1.0.0 (1 instance) create'],
    });
  });

  it('loses the sections whose memory somebody has mangled, and no others', () => {
    const two = withPlan(first, planned({ ...shown, domain: staging }));
    const mangled = write(two).replace(/(heliostat:section .{20})./, '$1!');
    expect([...(readComment(mangled)?.sections.keys() ?? [])]).toEqual([staging]);
  });

  it('loses the parts that would swallow what follows, and keeps what it knows', () => {
    const open = write(first).replace('</details>', '');
    const read = readComment(open);
    expect(memoryOf(read)).toEqual(memoryOf(first));
    expect(read?.sections.get(prod)?.parts.map(({ block, kind }) => `${block} ${kind}`)).toEqual([
      'status kept',
    ]);
  });

  it('never throws, wherever it was torn', () => {
    const body = write(withOutcome(first, outcome([solution('shop', {})])));
    for (let i = 0; i < body.length; i += 7) {
      readComment(body.slice(0, i));
      readComment(`${marker}\n${body.slice(i)}`);
    }
  });
});

describe('what is hidden in a comment', () => {
  it('holds nothing that could end it', () => {
    const memory = { ...emptyMemory(prod, atMs), changes: ['--> <!-- & ~~~'], wholeUrl: 'https://a/-->' };
    expect(encodeMemory(memory)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeMemory(encodeMemory(memory))).toEqual(memory);
  });

  it('keeps what a later release has written, and takes nothing that is none', () => {
    const later = { ...emptyMemory(prod, atMs), other: { blessedBy: 'ada' } };
    expect(decodeMemory(encodeMemory(later))).toEqual(later);
    const base64 = (value: unknown) => Buffer.from(utf8(JSON.stringify(value))).toString('base64url');
    const sound = { domain: 'prod', phase: 'planned', isMerged: false };
    expect(decodeMemory(base64(sound))).toMatchObject({ domain: 'prod', superseded: 0, planDigest: null });
    for (const wrong of [
      { ...sound, domain: 'Prod!' },
      { ...sound, phase: 'fine' },
      { phase: 'planned' },
      [],
      'x',
      null,
    ])
      expect(decodeMemory(base64(wrong))).toBeNull();
    for (const text of ['', 'e30', '*', 'a', '____']) expect(decodeMemory(text)).toBeNull();
  });

  it('tells no changes from too many changes to remember', () => {
    for (const changes of [null, []]) {
      const memory = { ...emptyMemory(prod, atMs), changes };
      expect(decodeMemory(encodeMemory(memory))?.changes).toEqual(changes);
    }
  });
});

describe('a new plan', () => {
  const again = planned({ ...shown, digest: '1:other' as Digest, revision: head2 }, { head: head2 });

  it('takes the place of the former one, and says so', () => {
    const second = withPlan(first, again);
    expect(memoryOf(second)).toMatchObject({ superseded: 1, supersededHead: head, head: head2 });
    const third = withPlan(second, { ...again, head });
    expect(memoryOf(third)).toMatchObject({ superseded: 2, supersededHead: head2 });
    expect(write(third)).toContain('supersedes 2 earlier ones, the last of `c3d4e5f`');
    expect(write(third).match(/#### `shop`/g)).toHaveLength(1);
  });

  it('supersedes nothing where a job was only run once more', () => {
    expect(memoryOf(withPlan(first, planned(shown, { atMs: atMs + 1 }))).superseded).toBe(0);
  });

  it('leaves the other domains as they are, byte for byte', () => {
    const two = withPlan(first, planned({ ...shown, domain: staging }));
    const next = withPlan(two, again);
    expect(next.sections.get(staging)).toEqual(two.sections.get(staging));
  });

  it('leaves what became of the merge alone: a late job must not make it planned again', () => {
    const done = withOutcome(first, outcome([solution('shop', {})]));
    expect(withPlan(done, planned(shown, { atMs: atMs + 1 }))).toBe(done);
  });

  it('has no digest where it is rejected: nothing may be bound to it', () => {
    const error = {
      code: 'x',
      severity: 'error',
      message: 'm',
      file: 'f',
      line: 1,
      column: 1,
      fix: '',
    } as const;
    const rejected = planned({ ...shown, diagnostics: [error] }, { diagnostics: [{ ...error, url: null }] });
    expect(memoryOf(withPlan(first, rejected))).toMatchObject({
      phase: 'rejected',
      planDigest: null,
      errors: 1,
    });
  });
});

describe('an outcome', () => {
  it('keeps the plan as it was shown, and its digest', () => {
    const done = withOutcome(first, outcome([solution('shop', {})]));
    const planOf = (document: CommentDocument) =>
      document.sections.get(prod)?.parts.filter(({ block }) => block === 'plan');
    expect(planOf(done)).toEqual(planOf(first));
    expect(memoryOf(done)).toMatchObject({
      planDigest: shown.digest,
      phase: 'applied',
      isMerged: true,
      head,
      revision: merged,
    });
  });

  it('takes the place of the former outcome', () => {
    const started = withOutcome(first, outcome([solution('shop', { verdict: 'progressing' })]));
    const done = withOutcome(started, outcome([solution('shop', {})]));
    expect(done).toEqual(withOutcome(first, outcome([solution('shop', {})])));
  });

  it('says so where nobody had shown a plan', () => {
    expect(write(withOutcome(emptyComment(), outcome([])))).toContain('No plan was shown before the merge.');
  });

  it('is loud about what is destroyed without having been shown', () => {
    const made = plan([update('shop/api', '1.4.0', '1.5.0'), retire('front/old')]);
    const body = write(
      withOutcome(
        first,
        outcome([], { differing: { made, digest: made.digest, then: 'wentOn', command: null } }),
      ),
    );
    const before = body.slice(0, body.indexOf('<details'));
    expect(before).toContain('Destroys 2 instances of 1 element for good');
  });

  it('tells what differs by numbers where the changes were too many to remember', () => {
    const many = plan(Array.from({ length: 200 }, (_, i) => create(`shop/element-${i}`)));
    const long = withPlan(emptyComment(), planned(many));
    expect(memoryOf(long).changes).toBeNull();
    const differing = { made: shown, digest: shown.digest, then: 'wentOn' as const, command: null };
    expect(write(withOutcome(long, outcome([], { differing })))).toContain(
      '- 200 to create\n+ 1 to create, 1 to update',
    );
  });
});

describe('drift', () => {
  it('comes and goes without touching plan or outcome', () => {
    const element = 'shop/api' as ElementKey;
    const seen = { element, reason: 'gone', sinceMs: null, repair: 'auto' as const, command: null };
    const drifted = withDrift(first, { domain: prod, atMs, elements: [seen] });
    expect(write(drifted)).toContain('#### Drift: 1 element not as it should be');
    expect(withDrift(drifted, { domain: prod, atMs, elements: [] })).toEqual(first);
  });

  it('that was told elsewhere stays where a plan did not look for it', () => {
    const element = 'shop/api' as ElementKey;
    const seen = { element, reason: 'gone', sinceMs: null, repair: 'auto' as const, command: null };
    const drifted = withDrift(first, { domain: prod, atMs, elements: [seen] });
    expect(write(withPlan(drifted, planned(shown)))).toContain('#### Drift');
    expect(write(withPlan(drifted, planned(shown, { drift: [] })))).not.toContain('#### Drift');
  });
});
