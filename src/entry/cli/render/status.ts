import { splitInstanceId } from '../../../core/base/names.js';
import type {
  ClusterView,
  ConditionView,
  ElementView,
  InstanceView,
  QuarantineView,
  SolutionView,
  StatusView,
} from '../../../core/status/view.js';
import { stepText } from '../../../core/status/step.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { count, padded, shortRevision, timeText, widest } from './words.js';

export interface StatusChoice {
  /** Every instance, and not only those that are not well. */
  readonly instances: boolean;
}

/** A tree of solutions, elements and what is not well among their instances. */
export function renderStatus(view: StatusView, paint: Paint, choice: StatusChoice): string {
  const warnings = view.conditions.flatMap((each) => conditionLines(each, paint));
  const blocks = [header(view, paint) + warnings.map((line) => `${line}\n`).join('')];
  if (view.solutions.length === 0)
    blocks.push('Nothing runs here yet. Commit a solution, then: heliostat apply\n');
  for (const solution of view.solutions) blocks.push(solutionBlock(solution, paint, choice));
  return blocks.join('\n');
}

function header(view: StatusView, paint: Paint): string {
  const { domain, revision, controller, observedAtMs } = view;
  const facts = [
    revision === null ? 'no revision yet' : `revision ${shortRevision(revision)}`,
    controller === null ? 'no controller yet' : controllerText(controller),
    observedAtMs === null ? 'not observed' : `observed ${timeText(observedAtMs)}`,
  ];
  return `${mark(view.healthy, paint)} ${paint.bold(`domain ${printable(domain)}`)}\n  ${facts.join(', ')}\n`;
}

function controllerText(controller: NonNullable<StatusView['controller']>): string {
  const state = controller.running ? 'run by' : 'not running, last run by';
  const since = controller.sinceMs === null ? '' : ` since ${timeText(controller.sinceMs)}`;
  return `${state} ${printable(controller.name)}${since}`;
}

function solutionBlock(solution: SolutionView, paint: Paint, choice: StatusChoice): string {
  const { revision, phase } = solution;
  const facts = [
    ...(phase === null ? [] : [phase]),
    ...(revision === null ? [] : [`revision ${shortRevision(revision)}`]),
    ...lastStable(solution),
  ];
  const lines = [
    `${mark(solution.healthy, paint)} ${paint.bold(printable(solution.name))}  ${paint.dim(facts.join(', '))}`,
  ];
  for (const each of solution.quarantined) lines.push(...quarantineLines(each, paint));
  for (const each of solution.conditions) lines.push(...conditionLines(each, paint));
  const names = widest(solution.elements.map((element) => printable(element.name)));
  for (const element of solution.elements) lines.push(...elementLines(element, names, paint, choice));
  return `${lines.join('\n')}\n`;
}

/** Worth a word only where it is not what runs. */
function lastStable({ revision, lastStable: stable }: SolutionView): string[] {
  if (stable === revision) return [];
  return [stable === null ? 'never stable yet' : `last stable ${shortRevision(stable)}`];
}

function quarantineLines(each: QuarantineView, paint: Paint): string[] {
  const evidence = each.pullRequest === null ? '' : `, see ${printable(each.pullRequest)}`;
  const text = `${printable(each.element)}: ${printable(each.version)} failed in ${shortRevision(each.revision)} and stays out${evidence}`;
  return [`  ${paint.yellow('!')} ${text}`, `      ${printable(each.reason)}`];
}

function conditionLines(each: ConditionView, paint: Paint): string[] {
  const since = each.sinceMs > 0 ? `, since ${timeText(each.sinceMs)}` : '';
  const why = paint.dim(`(${printable(each.reason)}${since})`);
  const line = `  ${paint.yellow('!')} ${printable(each.type)}: ${printable(each.message)} ${why}`;
  return each.command === null ? [line] : [line, `      ${paint.cyan(printable(each.command))}`];
}

function elementLines(element: ElementView, names: number, paint: Paint, choice: StatusChoice): string[] {
  const endpoint = element.endpoint === null ? '' : `  ${paint.cyan(printable(element.endpoint))}`;
  const clusters = element.clusters.map(clusterText).join(' + ') || 'nothing runs';
  const wish = wishText(element);
  const head = `  ${mark(element.healthy, paint)} ${padded(printable(element.name), names)}  ${clusters}${wish}${endpoint}`;
  const instances = element.clusters.flatMap((cluster) =>
    cluster.instances
      .filter((instance) => choice.instances || isAiling(cluster, instance))
      .map((instance) => instanceLine(cluster, instance, paint)),
  );
  return [head, ...stepLines(element, paint), ...instances];
}

function stepLines({ step }: ElementView, paint: Paint): string[] {
  if (step === undefined) return [];
  const line = `      ${printable(stepText(step))}`;
  return step.command === null ? [line] : [line, `      ${paint.cyan(printable(step.command))}`];
}

function isAiling(cluster: ClusterView, instance: InstanceView): boolean {
  if (cluster.size > 0 && isSurplus(cluster, instance)) return instance.state !== 'inactive';
  return instance.state !== cluster.state || (instance.state === 'active' && instance.health !== 'good');
}

/** More than is wanted of a version in a step: on its way out, or stopped and kept for the way back. */
function isSurplus({ size }: ClusterView, { id }: InstanceView): boolean {
  return (splitInstanceId(id)?.ordinal ?? 0) >= size;
}

/** `1.4.0 (2 of 3 instances)`. */
function clusterText(cluster: ClusterView): string {
  const version = printable(cluster.version);
  if (cluster.standbyUntilMs !== undefined) return `${version} (${standbyText(cluster.standbyUntilMs)})`;
  if (cluster.state !== 'active') return `${version} (${count(cluster.size, 'instance')}, ${cluster.state})`;
  const whole = cluster.active === cluster.size;
  return `${version} (${whole ? '' : `${cluster.active} of `}${count(cluster.size, 'instance')})`;
}

/** `on standby until 14:05`. */
function standbyText(untilMs: number | null): string {
  return untilMs === null ? 'on standby' : `on standby until ${timeText(untilMs)}`;
}

/** What it should be, only where that is something else. */
function wishText({ desired, clusters }: ElementView): string {
  if (desired === null) return ', on its way out';
  const active = clusters.filter((cluster) => cluster.state === 'active');
  const size = active.reduce((sum, cluster) => sum + cluster.size, 0);
  const there = active.some((cluster) => cluster.version === desired.version) && size === desired.size;
  return there || desired.size === 0
    ? ''
    : `, should be ${printable(desired.version)} (${count(desired.size, 'instance')})`;
}

function instanceLine(cluster: ClusterView, instance: InstanceView, paint: Paint): string {
  const ordinal = splitInstanceId(instance.id)?.ordinal ?? printable(instance.id);
  const facts = [
    instance.state === 'active' ? healthText(instance) : instance.state,
    ...(instance.resource === null ? [] : [printable(instance.resource)]),
    ...(instance.endpoint === null ? [] : [printable(instance.endpoint)]),
  ];
  const well = instance.state === cluster.state && instance.health === 'good';
  return `      ${mark(well, paint)} ${printable(cluster.version)} #${ordinal}  ${facts.join('  ')}`;
}

function healthText({ health }: InstanceView): string {
  return health === 'good' ? 'healthy' : health === 'bad' ? 'not healthy' : 'health not known yet';
}

export function mark(well: boolean, paint: Paint): string {
  return well ? paint.green('✔') : paint.red('✖');
}
