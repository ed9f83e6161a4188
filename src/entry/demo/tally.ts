/** How the requests of the load ended. */
export interface Tally {
  readonly requests: number;
  readonly failed: number;
  /** Orders that the shop said it took. */
  readonly orders: number;
  /** What failed first, for people; at most `keptFailures` of them. */
  readonly failures: readonly string[];
}

export const noRequests: Tally = { requests: 0, failed: 0, orders: 0, failures: [] };

const keptFailures = 5;

export function succeeded(tally: Tally, isOrder: boolean): Tally {
  return { ...tally, requests: tally.requests + 1, orders: tally.orders + (isOrder ? 1 : 0) };
}

export function failed(tally: Tally, failure: string): Tally {
  const failures = tally.failures.length < keptFailures ? [...tally.failures, failure] : tally.failures;
  return { ...tally, requests: tally.requests + 1, failed: tally.failed + 1, failures };
}

/** `requests 18,402 · failed 0`. */
export function tallyText({ requests, failed: count }: Pick<Tally, 'requests' | 'failed'>): string {
  return `requests ${withCommas(requests)} · failed ${withCommas(count)}`;
}

export function withCommas(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
