import type { HealthCheck, RolloutPolicy } from '../base/desired.js';
import type { Finding } from '../model/source.js';
import type { WrittenElement } from './declare.js';
import type { ElementFacts, View } from './view.js';

interface PolicyCheck {
  readonly element: WrittenElement;
  readonly facts: ElementFacts;
  readonly policy: RolloutPolicy;
  readonly view: View;
  report(pointer: string, finding: Finding): void;
}

export function checkPolicy(check: PolicyCheck): void {
  const { element, policy, report } = check;
  const { maxSurge, maxUnavailable } = policy;
  if (maxSurge.value === 0 && maxUnavailable.value === 0 && policy.strategy !== 'recreate') {
    report(`${element.pointer}/rollout/maxSurge`, {
      code: 'rollout.noRoom',
      message: `${element.key} may have neither one instance more (maxSurge) nor one fewer (maxUnavailable), so it can never change`,
      fix: 'Set maxSurge or maxUnavailable to 1 or more.',
      aspect: 'key',
    });
  }
  checkDeadlines(check);
  checkStrategy(check);
  checkDowntime(check);
}

/** Of its own words only: the defaults of the domain hold the steps of whichever elements go in steps. */
function checkStrategy({ element, policy, report }: PolicyCheck): void {
  const { strategy } = policy;
  const own = element.document.rollout ?? {};
  const forWhom = { canary: ['canary'], promote: ['canary', 'blueGreen'] } as const;
  for (const key of ['canary', 'promote'] as const) {
    const users: readonly string[] = forWhom[key];
    if (own[key] === undefined || users.includes(strategy)) continue;
    const said = own.strategy === undefined ? ` (${origin(element, 'strategy').trim()})` : '';
    report(`${element.pointer}/rollout/${key}`, {
      code: 'rollout.unused',
      message: `${key} belongs to strategy ${users.join(' or ')}, and the strategy of ${element.key} is ${strategy}${said}`,
      fix: `Write strategy: ${users[0]} beside it, or remove ${key}.`,
      aspect: 'key',
    });
  }
}

function checkDeadlines({ element, policy, report }: PolicyCheck): void {
  const none = (['healthyDeadline', 'progressDeadline'] as const).filter(
    (field) => policy[`${field}Ms`] === 0,
  );
  for (const field of none) {
    report(`${element.pointer}/rollout/${field}`, {
      code: 'rollout.noTime',
      message: `${element.key} has no time to become healthy: ${field} is 0s${origin(element, field)}, so every rollout of it would fail at once`,
      fix: `Set ${field} longer than a healthy start takes, or leave it out for the default.`,
      aspect: 'key',
    });
  }
  if (none.length === 0 && policy.progressDeadlineMs <= policy.healthyDeadlineMs) {
    report(`${element.pointer}/rollout/progressDeadline`, {
      code: 'rollout.deadlines',
      message: `progressDeadline (${shown(policy.progressDeadlineMs)}) must be longer than healthyDeadline (${shown(policy.healthyDeadlineMs)})`,
      fix: `Set progressDeadline above ${shown(policy.healthyDeadlineMs)}, or healthyDeadline below ${shown(policy.progressDeadlineMs)}.`,
      aspect: 'key',
    });
  }
}

/**
 * A check that needs longer for its good answers than an instance has. The probe at the moment of the start is not
 * counted, for nothing answers yet; nor is the timeout, for a good answer may come at once.
 */
export function checkHealth(
  { element, policy, report }: Omit<PolicyCheck, 'facts' | 'view'>,
  { component, version, health }: { component: string; version: string; health: HealthCheck | null },
): void {
  const { healthyDeadlineMs } = policy;
  if (health === null || healthyDeadlineMs === 0) return;
  const { intervalMs, healthyAfter } = health;
  const neededMs = intervalMs * healthyAfter;
  if (neededMs < healthyDeadlineMs) return;
  report(`${element.pointer}/rollout/healthyDeadline`, {
    code: 'rollout.slowHealth',
    message: `${element.key} can never become healthy in time: the health check of ${component} ${version} takes ${shown(neededMs)} (interval ${shown(intervalMs)}, healthyAfter ${healthyAfter}), and healthyDeadline is ${shown(healthyDeadlineMs)}${origin(element, 'healthyDeadline')}`,
    fix: `Set rollout.healthyDeadline above ${shown(neededMs)}, or use a release of ${component} whose health check is quicker.`,
    aspect: 'key',
  });
}

/** What leaves an element, and whoever uses it, with nothing for a while has to be agreed to by all of them. */
function checkDowntime({ element, facts, policy, view, report }: PolicyCheck): void {
  if (!facts.stopsEverything) return;
  const against = facts.allowDowntime ? [] : [String(element.key)];
  for (const key of view.consumers(element.key)) {
    const consumer = view.facts(key);
    const uses = consumer?.edges.some(
      (edge) => edge.provider === element.key && edge.type === 'service' && edge.active,
    );
    if (consumer !== null && uses === true && !consumer.allowDowntime) against.push(key);
  }
  if (against.length === 0) return;
  const users = against.filter((key) => key !== element.key);
  const why =
    policy.strategy === 'recreate'
      ? 'strategy recreate stops every instance first'
      : 'maxUnavailable lets every instance stop';
  const named = users.length === 0 ? '' : `, and with it what ${users.slice(0, 10).join(', ')} need`;
  report(`${element.pointer}/rollout`, {
    code: 'rollout.downtime',
    message: `a rollout of ${element.key} leaves nothing of it running for a while${named}: ${why}`,
    fix: `Set rollout.allowDowntime: true on ${against.slice(0, 10).join(', ')}, or keep at least one instance.`,
    aspect: 'key',
  });
}

export function checkPort({ element, facts, view, report }: Omit<PolicyCheck, 'policy'>): void {
  const port = facts.exposedPort;
  if (port === null) return;
  const [first, ...others] = view.portOwners(port);
  if (first === undefined || !others.includes(element.key)) return;
  report(`${element.pointer}/expose/port`, {
    code: 'expose.port',
    message: `${first} and ${element.key} both expose port ${port}`,
    fix: 'Give one of them another port, or auto.',
  });
}

/** Where something was written that is not written in the element. */
function origin(
  { document, defaults }: WrittenElement,
  field: 'healthyDeadline' | 'progressDeadline' | 'strategy',
): string {
  if (document.rollout?.[field] !== undefined) return '';
  return defaults?.rollout?.[field] === undefined ? ' by default' : " in the domain's defaults";
}

function shown(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
