import { canaryOf } from '../base/canary.js';
import type { RolloutPolicy } from '../base/desired.js';
import type { Template } from '../base/template.js';
import { usesAddress } from '../base/template.js';
import type { Finding } from '../model/source.js';
import type { WrittenElement } from './declare.js';
import type { ElementFacts } from './view.js';

interface CanaryCheck {
  readonly element: WrittenElement;
  readonly policy: RolloutPolicy;
  report(pointer: string, finding: Finding): void;
}

/** Steps that would do nothing, or something else than they say. */
export function checkSteps({
  element,
  policy,
  facts,
  report,
}: CanaryCheck & { readonly facts: ElementFacts }): void {
  if (policy.strategy !== 'canary') return;
  const steps = canaryOf(policy);
  if (steps.length === 0) {
    report(pointerOf(element), {
      code: 'canary.noSteps',
      message: `${element.key} has strategy canary and no step: it would go all the way at once, and wait for nobody`,
      fix: 'Write canary: { steps: [{ size: 1 }] } beside it, or strategy: rolling.',
      aspect: 'key',
    });
  }
  // Steps in the defaults of the domain are for elements of every size.
  if (element.document.rollout?.canary === undefined || facts.activeSize === 0) return;
  for (const [i, { share }] of steps.entries()) {
    if (share.kind !== 'count' || share.value <= facts.activeSize) continue;
    report(`${element.pointer}/rollout/canary/steps/${i}/size`, {
      code: 'canary.size',
      message: `a step of ${share.value} instances is more than ${element.key} has (${facts.activeSize})`,
      fix: `Use at most ${facts.activeSize}, or a percentage of the size.`,
    });
  }
}

/** Shares of the traffic are the gateway's: what is not reached through it gets all or nothing. */
export function checkTraffic(
  { element, policy, report }: CanaryCheck,
  release: { readonly component: string; readonly version: string },
  endpoint: Template | null,
): void {
  const byWeight = canaryOf(policy).some(({ share }) => share.kind === 'weight');
  if ((policy.strategy !== 'blueGreen' && !byWeight) || usesAddress(endpoint)) return;
  const what = byWeight ? 'steps by weight' : 'strategy blueGreen';
  const is = endpoint === null ? 'has no endpoint' : 'has an endpoint without an address';
  report(pointerOf(element), {
    code: 'canary.traffic',
    message: `${what} of ${element.key} share out its traffic, which never passes the gateway: ${release.component} ${release.version} ${is}`,
    fix: `Give ${release.component} an endpoint with \${instance.address} and \${instance.port}, or ${byWeight ? 'use steps by size' : 'use strategy canary with steps by size'}.`,
    aspect: 'key',
  });
}

function pointerOf({ document, pointer }: WrittenElement): string {
  if (document.rollout?.canary !== undefined && document.rollout.strategy === undefined)
    return `${pointer}/rollout/canary`;
  return `${pointer}/rollout/strategy`;
}
