import { isMap, type Json, type JsonMap } from '../base/data.js';
import { parseRange, parseVersion } from '../base/version.js';
import { checkCanary } from './canary-meaning.js';
import { checkDuration, checkDurations } from './duration-meaning.js';
import type { Findings, Path } from './findings.js';
import { quoted } from './quote.js';
import type { KindName } from './schemas.js';
import { refuseUnavailable } from './unavailable.js';
import { rangeMistake, versionMistake } from './values.js';

/**
 * What a schema cannot say, or says badly. It runs before the schema is consulted and over whatever is there, so that
 * a file with one misspelt key still has all its mistakes shown at once; what it explains, the schema is silent about.
 */
export function checkMeaning(kind: KindName, data: JsonMap, findings: Findings): void {
  switch (kind) {
    case 'Domain':
      return checkDomain(data, findings);
    case 'Component':
      return checkComponent(data, findings);
    case 'Solution':
      return checkSolution(data, findings);
  }
}

function checkDomain(data: JsonMap, findings: Findings): void {
  refuseUnavailable('domain', data, [], findings);
  checkRange(data['requires'], ['requires'], findings);
  const { defaults } = data;
  if (!isMap(defaults)) return;
  checkRollout(defaults['rollout'], ['defaults', 'rollout'], findings);
  checkDuration(defaults['repairInterval'], ['defaults', 'repairInterval'], findings);
}

function checkComponent(data: JsonMap, findings: Findings): void {
  refuseUnavailable('component', data, [], findings);
  checkVersion(data['version'], ['version'], findings);
  for (const [name, dependency] of members(data['dependencies'])) {
    refuseUnavailable('dependency', dependency, ['dependencies', name], findings);
    if (isMap(dependency)) checkRange(dependency['version'], ['dependencies', name, 'version'], findings);
  }
  const { artifacts } = data;
  if (Array.isArray(artifacts))
    artifacts.forEach((path: Json, index) => checkArtifact(path, index, findings));
  if (isMap(data['health'])) checkHealth(data['health'], findings);
  checkDurations(
    data['timeouts'],
    ['create', 'configure', 'start', 'stop', 'destroy'],
    ['timeouts'],
    findings,
  );
  checkDurations(data['retries'], ['backoff', 'maxBackoff'], ['retries'], findings);
}

function checkHealth(health: JsonMap, findings: Findings): void {
  checkDurations(health, ['interval', 'timeout'], ['health'], findings);
  const probes = ['http', 'tcp', 'command'].filter((probe) => health[probe] !== undefined);
  if (probes.length === 1) return;
  findings.atKey(['health'], {
    code: 'health.probe',
    message:
      probes.length === 0
        ? 'health says no way to ask'
        : `health says ${probes.length} ways to ask: ${probes.join(', ')}`,
    fix: 'Write exactly one of http, tcp and command.',
  });
}

function checkArtifact(path: Json, index: number, findings: Findings): void {
  if (typeof path !== 'string') return;
  const parts = path.split('/');
  if (!parts.some((part) => part === '' || part === '.' || part === '..') && !/[\\\0]/.test(path)) return;
  findings.atValue(['artifacts', index], {
    code: 'artifacts.path',
    message: `${quoted(path)} is not a path inside this repository`,
    fix: 'Write a path from the root of the repository, such as services/api/**, with single slashes and without "..".',
  });
}

function checkSolution(data: JsonMap, findings: Findings): void {
  refuseUnavailable('solution', data, [], findings);
  // Elements come from the architecture, which has its own diagnostic.
  if (data['architecture'] !== undefined && data['elements'] === undefined) findings.explain('/elements');
  for (const [name, element] of members(data['elements'])) {
    if (isMap(element)) checkElement(element, ['elements', name], findings);
  }
}

function checkElement(element: JsonMap, path: Path, findings: Findings): void {
  refuseUnavailable('element', element, path, findings);
  checkVersion(element['version'], [...path, 'version'], findings);
  checkRollout(element['rollout'], [...path, 'rollout'], findings);
  checkDuration(element['repairInterval'], [...path, 'repairInterval'], findings);
  for (const [version] of members(element['clusters']))
    checkVersion(version, [...path, 'clusters', version], findings, true);
  checkForm(element, path, findings);
}

/** The short form or the long one. */
function checkForm(element: JsonMap, path: Path, findings: Findings): void {
  if (element['clusters'] === undefined) {
    if (element['version'] !== undefined) return;
    const message = 'the element says no version';
    return findings.atKey(path, {
      code: 'element.form',
      message,
      fix: 'Add version, for example version: 1.0.0.',
    });
  }
  for (const key of ['version', 'size']) {
    if (element[key] === undefined) continue;
    const message = `${key} and clusters are two ways to say the same`;
    const fix = `Remove ${key}, and say it inside clusters.`;
    findings.atKey([...path, key], { code: 'element.form', message, fix });
  }
}

function checkRollout(rollout: Json | undefined, path: Path, findings: Findings): void {
  checkDurations(
    rollout,
    ['minHealthyTime', 'healthyDeadline', 'progressDeadline', 'drainDelay', 'standby'],
    path,
    findings,
  );
  if (isMap(rollout)) checkCanary(rollout['canary'], [...path, 'canary'], findings);
}

function checkVersion(version: Json | undefined, path: Path, findings: Findings, isKey = false): void {
  // Nearly all are of this form; a full parse of 100,000 of them takes a while.
  if (typeof version !== 'string' || /^[1-9]?[0-9]\.[1-9]?[0-9]\.[1-9]?[0-9]$/.test(version)) return;
  if (parseVersion(version) !== null) return;
  if (isKey) findings.atKey(path, versionMistake(version, null));
  else findings.atValue(path, versionMistake(version, null));
}

function checkRange(range: Json | undefined, path: Path, findings: Findings): void {
  if (typeof range === 'string' && parseRange(range) === null)
    findings.atValue(path, rangeMistake(range, null));
}

function members(map: Json | undefined): [string, Json][] {
  return isMap(map) ? Object.entries(map) : [];
}
