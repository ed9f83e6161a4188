import type { Lifecycle } from '../base/desired.js';
import { safe } from '../base/safe-text.js';
import type { Draft } from './draft.js';
import { wake } from './draft.js';
import type { Facts } from './facts.js';
import { isForgivable, troubleAfter } from './trouble.js';
import type { ElementView, InstanceView } from './view.js';

/** Journals what was seen where it changes what is known: the observation wins over every outcome. */
export function notice(view: ElementView, facts: Facts, draft: Draft): void {
  for (const instance of view.instances) {
    const { state, seen } = instance;
    if (state.operation !== null || seen.presence === 'unknown') continue;
    noticeOwner(instance, draft);
    if (seen.foreignHome !== null) continue;
    const lifecycle = seenLifecycle(instance);
    if (lifecycle !== instance.state.lifecycle) noticeChange(instance, lifecycle, facts, draft);
    else noticeHealth(view, instance, draft, facts);
  }
}

/** When it began to belong to somebody else is told to people. */
function noticeOwner({ state, seen }: InstanceView, draft: Draft): void {
  const foreign = seen.foreignHome !== null;
  if (foreign === (state.foreignSinceWallMs != null)) return;
  draft.entries.push({ kind: 'instance.foreign', instance: state.id, foreign });
}

function seenLifecycle({ seen, state }: InstanceView): Lifecycle {
  if (seen.presence === 'absent') return 'initial';
  // A half-made resource stays failed until it was reset, whatever is left of it.
  if (state.lifecycle === 'failure' && seen.state !== 'active') return 'failure';
  return seen.state ?? state.lifecycle;
}

function noticeChange(instance: InstanceView, lifecycle: Lifecycle, facts: Facts, draft: Draft): void {
  const { state, seen, cluster } = instance;
  const reason = seen.detail ?? safe(seen.presence === 'absent' ? 'is gone' : `is ${lifecycle}`);
  draft.entries.push({
    kind: 'instance.observed',
    instance: state.id,
    lifecycle,
    digest: lifecycle === 'active' || lifecycle === 'inactive' ? seen.digest : null,
    reason,
  });
  if (state.lifecycle === 'active' && lifecycle !== 'active') {
    const failure = { transition: 'health' as const, reason, retryable: true };
    draft.entries.push({
      kind: 'instance.trouble',
      instance: state.id,
      trouble: troubleAfter(state, cluster.definition.retries, failure, facts.now),
    });
  }
}

function noticeHealth(view: ElementView, instance: InstanceView, draft: Draft, facts: Facts): void {
  if (instance.state.lifecycle !== 'active') return;
  if (instance.healthy && !instance.state.proven)
    draft.entries.push({ kind: 'instance.healthy', instance: instance.state.id });
  else if (instance.healthyAt !== null && instance.healthyAt > facts.now) wake(draft, instance.healthyAt);
  else if (instance.healthy && isForgivable(instance.state.trouble)) forgive(view, instance, draft, facts);
}

/** A round of retries ends when the instance stays well for a while, or a crash loop would never be one. */
function forgive(view: ElementView, { state, seen }: InstanceView, draft: Draft, facts: Facts): void {
  const since = Math.max(seen.goodSince ?? 0, state.activeSince ?? 0);
  const steadyAt = since + (view.element.target?.rollout.minHealthyTimeMs ?? 0);
  if (facts.now < steadyAt) wake(draft, steadyAt);
  else draft.entries.push({ kind: 'instance.trouble', instance: state.id, trouble: null });
}
