import type { Measure } from '../../core/base/canary.js';
import { plainText } from '../../core/base/plain-text.js';
import { safe, type Redactor, type SafeText } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import type { GateTarget } from '../../ports/gate.js';
import { failed, judged, passed, unmeasured, type Answer } from './attempt.js';
import { evaluate } from './evaluate.js';
import { get, jsonOf, urlOf, type Got } from './get.js';

type HttpMeasure = Extract<Measure, { kind: 'http' }>;

/** Each instance for itself, all at once: a step of a canary is small. One that is bad is enough. */
export function measureHttp(
  measure: HttpMeasure,
  target: GateTarget,
  { answer, redact }: { readonly answer: Answer; readonly redact: Redactor },
): () => void {
  const { at } = measure;
  if (at.kind === 'url') {
    const url = urlOf(at.url);
    return url === null ? nothing(answer, 'this is not a url') : ask(url, measure, redact, answer);
  }
  const { instances } = target;
  if (instances.length === 0) return nothing(answer, 'there is no instance to ask');
  const answers: { readonly who: string; readonly given: GateAnswer }[] = [];
  const ends = instances.map(({ id, address, port }) => {
    const given: Answer = (one) => {
      answers.push({ who: id, given: one });
      // What failed is said at once; what merely could not be measured may still turn out to be bad elsewhere.
      if (one.outcome === 'failed' || answers.length === instances.length) answer(together(answers));
    };
    const url = port === null ? null : urlOf(`http://${hostOf(address)}:${port}${at.path}`);
    return url === null ? nothing(given, 'it has no port to ask') : ask(url, measure, redact, given);
  });
  return () => ends.forEach((end) => end());
}

function nothing(answer: Answer, why: string): () => void {
  answer(unmeasured(safe(why)));
  return () => undefined;
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function together(answers: readonly { readonly who: string; readonly given: GateAnswer }[]): GateAnswer {
  for (const outcome of ['failed', 'unmeasured'] as const) {
    const found = answers.find(({ given }) => given.outcome === outcome);
    if (found !== undefined) return { outcome, detail: safe(`${found.who}: ${found.given.detail}`) };
  }
  const detail = answers[0]?.given.detail ?? safe('');
  return passed(answers.length === 1 ? detail : safe(`${answers.length} instances: ${detail}`));
}

function ask(url: URL, measure: HttpMeasure, redact: Redactor, answer: Answer): () => void {
  const { json } = measure;
  const isListed = (status: number): boolean => measure.status.includes(status);
  return get({ url, keeps: isListed, reads: (status) => json !== null && isListed(status) }, (got) =>
    answer(judged(() => judge(got, measure, redact))),
  );
}

function judge(got: Got, { json, at, status: wanted }: HttpMeasure, redact: Redactor): GateAnswer {
  if (got.kind === 'nothing') return unmeasured(safe(got.why));
  const { status } = got;
  if (!wanted.includes(status)) {
    const detail = safe(`${status}, wanted ${wanted.join(' or ')}`);
    // Who is asked for a judgement and gives another answer has not judged; an instance has.
    return at.kind === 'url' && json !== null ? unmeasured(detail) : failed(detail);
  }
  if (json === null) return passed(safe(String(status)));
  const body = jsonOf(got.body);
  if (body === undefined) return unmeasured(safe(`${status}, and the answer is not JSON`));
  const outcome = evaluate(json, { body, status });
  if (typeof outcome === 'string') return unmeasured(safe(`${status}, and ${outcome}`));
  const seen = `${status}, and the condition is ${outcome ? '' : 'not '}met`;
  // Whoever is to mend it has to see what it was told.
  return outcome ? passed(safe(seen)) : failed(safe(`${seen} by ${excerpt(body, redact)}`));
}

const shownCharacters = 200;

function excerpt(body: unknown, redact: Redactor): SafeText {
  const text = redact(plainText(JSON.stringify(body)).replaceAll('\n', ' '));
  return text.length <= shownCharacters ? text : safe(`${text.slice(0, shownCharacters)}…`);
}
