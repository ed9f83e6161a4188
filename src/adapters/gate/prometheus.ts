import { withinBound, type Bound, type Gate, type Measure } from '../../core/base/canary.js';
import { plainText } from '../../core/base/plain-text.js';
import { safe, type Redactor } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import { failed, judged, passed, unmeasured, type Answer } from './attempt.js';
import { get, jsonOf, urlOf } from './get.js';

type PrometheusMeasure = Extract<Measure, { kind: 'prometheus' }>;

/** More series than anybody meant to compare with one threshold. */
const maximumSeries = 1_000;
const shownCharacters = 200;

/** By the HTTP API of Prometheus (`/api/v1/query`, https://prometheus.io/docs/prometheus/latest/querying/api/). */
export function measurePrometheus(
  measure: PrometheusMeasure,
  { timeoutMs }: Pick<Gate, 'timeoutMs'>,
  redact: Redactor,
  answer: Answer,
): () => void {
  const url = urlOf(`${measure.url.replace(/\/+$/, '')}/api/v1/query`);
  if (url === null) {
    answer(unmeasured(safe('this is not a url')));
    return () => undefined;
  }
  url.searchParams.set('query', measure.query);
  url.searchParams.set('timeout', `${timeoutMs}ms`);
  // Errors are told in JSON as well.
  return get({ url, keeps: () => false, reads: () => true }, (got) => {
    if (got.kind === 'nothing') return answer(unmeasured(safe(got.why)));
    answer(judged(() => judge(got.status, jsonOf(got.body), measure.threshold, redact)));
  });
}

function judge(status: number, json: unknown, threshold: readonly Bound[], redact: Redactor): GateAnswer {
  const foreign = (text: unknown): string =>
    redact(plainText(String(text)).replaceAll('\n', ' ')).slice(0, shownCharacters);
  if (!isRecord(json))
    return unmeasured(safe(`${status}, and the answer is not that of a Prometheus server`));
  if (json['status'] === 'error')
    return unmeasured(safe(`${status} ${foreign(json['errorType'])}: ${foreign(json['error'])}`));
  const { data } = json;
  if (json['status'] !== 'success' || !isRecord(data))
    return unmeasured(safe(`${status}, and the answer is not that of a Prometheus server`));
  const samples = samplesOf(data);
  return typeof samples === 'string' ? unmeasured(safe(samples)) : compare(samples, threshold, foreign);
}

interface Sample {
  readonly value: number;
  readonly labels: unknown;
}

/** A text: why there is nothing to compare. */
function samplesOf({ resultType, result }: Record<string, unknown>): readonly Sample[] | string {
  if (resultType === 'scalar') return readSamples([{ value: result }]);
  if (resultType !== 'vector' || !Array.isArray(result))
    return 'the query gives neither a scalar nor an instant vector';
  if (result.length === 0) return 'the query gives no data';
  if (result.length > maximumSeries) return `the query gives more than ${maximumSeries} series`;
  return readSamples(result as readonly unknown[]);
}

function readSamples(result: readonly unknown[]): readonly Sample[] | string {
  const samples: Sample[] = [];
  for (const series of result) {
    const [, text] = isRecord(series) && Array.isArray(series['value']) ? (series['value'] as unknown[]) : [];
    const value = typeof text === 'string' ? numberOf(text) : null;
    if (value === null) return 'the query gives a value that is not a number';
    samples.push({ value, labels: (series as Record<string, unknown>)['metric'] });
  }
  return samples;
}

/** As Prometheus writes them; null for what is none. */
function numberOf(text: string): number | null {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === 'NaN') return NaN;
  return /^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : null;
}

function compare(
  samples: readonly Sample[],
  threshold: readonly Bound[],
  foreign: (text: unknown) => string,
): GateAnswer {
  const wanted = `wanted ${threshold.map(({ operator, value }) => `${operator} ${value}`).join(' and ')}`;
  const named = ({ value, labels }: Sample): string =>
    samples.length === 1 ? String(value) : `${value} of ${foreign(JSON.stringify(labels ?? {}))}`;
  // NaN is what a rate over no requests gives: nothing was measured.
  const bad = samples.find(
    ({ value }) => !Number.isNaN(value) && !threshold.every((bound) => withinBound(value, bound)),
  );
  if (bad !== undefined) return failed(safe(`${named(bad)}, ${wanted}`));
  const none = samples.find(({ value }) => Number.isNaN(value));
  if (none !== undefined) return unmeasured(safe(`${named(none)}, which is no measurement`));
  const [first] = samples;
  const seen = samples.length === 1 && first !== undefined ? named(first) : `${samples.length} series`;
  return passed(safe(`${seen}, ${wanted}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
