import { isMap, type Json, type JsonMap } from '../base/data.js';
import { readCondition } from './condition.js';
import { checkDuration } from './duration-meaning.js';
import { parseDuration } from './duration.js';
import type { Findings, Path } from './findings.js';
import { shownValue } from './values.js';

/** What a schema cannot say of a gate. */
export function checkGate(gate: JsonMap, path: Path, findings: Findings): void {
  const ways = ['http', 'prometheus', 'command'].filter((way) => gate[way] !== undefined);
  if (ways.length !== 1) {
    findings.atKey(path, {
      code: 'gate.measure',
      message:
        ways.length === 0
          ? 'a gate says no way to measure'
          : `a gate says ${ways.length} ways to measure: ${ways.join(', ')}`,
      fix: 'Write exactly one of http, prometheus and command; what else there is to ask is a gate of its own.',
    });
  }
  for (const key of ['interval', 'timeout']) checkTime(gate[key], [...path, key], findings);
  if (isMap(gate['http'])) checkHttp(gate['http'], [...path, 'http'], findings);
  if (isMap(gate['prometheus'])) checkPrometheus(gate['prometheus'], [...path, 'prometheus'], findings);
}

function checkTime(time: Json | undefined, path: Path, findings: Findings): void {
  if (typeof time !== 'string' || parseDuration(time) !== 0) return checkDuration(time, path, findings);
  findings.atValue(path, {
    code: 'gate.noTime',
    message: `${String(path.at(-1))} of a gate cannot be ${shownValue(time)}`,
    fix: 'Write a time such as 10s, or leave it out for the default.',
  });
}

function checkHttp(http: JsonMap, path: Path, findings: Findings): void {
  const { url, json } = http;
  if ((url === undefined) === (http['path'] === undefined)) {
    findings.atKey(path, {
      code: 'gate.target',
      message: `http says ${url === undefined ? 'neither path nor url' : 'both path and url'}`,
      fix: 'Write path to ask each new instance, or url to ask another place.',
    });
  }
  checkUrl(url, [...path, 'url'], findings);
  if (typeof json !== 'string' || json.length > maximumCondition) return;
  const condition = readCondition(json);
  if (!('mistake' in condition)) return;
  findings.atValue([...path, 'json'], {
    code: 'gate.condition',
    message: `${shownValue(json)} is not a condition in CEL: ${condition.mistake}`,
    fix: 'Write one over body and status that gives true or false, such as body.errors < 3.',
  });
}

/** The same as in the schemas. */
const maximumCondition = 2_000;

function checkPrometheus(prometheus: JsonMap, path: Path, findings: Findings): void {
  const { url, threshold } = prometheus;
  checkUrl(url, [...path, 'url'], findings);
  if (typeof url === 'string' && url.includes('?')) {
    findings.atValue([...path, 'url'], {
      code: 'gate.url',
      message: 'the url of a Prometheus server has no question mark',
      fix: 'Write scheme, host, port and perhaps a path, such as http://127.0.0.1:9090, and the query under query.',
    });
  }
  if (!isMap(threshold)) return;
  const { min, max } = threshold;
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return;
  findings.atKey([...path, 'threshold'], {
    code: 'gate.threshold',
    message: `no value is both at least ${min} (min) and at most ${max} (max)`,
    fix: 'Exchange min and max, or remove one of them.',
  });
}

const webUrl = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9_][a-z0-9_.-]*)(:[0-9]{1,5})?([/?][^\s#]*)?$/i;

function checkUrl(url: Json | undefined, path: Path, findings: Findings): void {
  if (typeof url !== 'string') return;
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(url)) {
    // Not repeated: it is in the repository already, and need not be in a log as well.
    return findings.atValue(path, {
      code: 'gate.url',
      message: 'a url in a model has no user and no password, which everybody could read there',
      fix: 'Remove what stands before the @; ask through a proxy on this machine that adds it.',
    });
  }
  if (webUrl.test(url) && Number(/:([0-9]+)(?:[/?]|$)/.exec(url.slice(6))?.[1] ?? 80) <= 65_535) return;
  findings.atValue(path, {
    code: 'gate.url',
    message: `${shownValue(url)} is not a url that can be asked`,
    fix: 'Write one with http or https and a host, such as http://127.0.0.1:9090/path.',
  });
}
