import type { Incoming, Reply } from './server.js';

export interface Matched<Context> {
  readonly request: Incoming;
  readonly parameters: Readonly<Record<string, string>>;
  readonly context: Context;
}

export interface Route<Context> {
  readonly method: string;
  /** `/repos/{owner}/{repo}/pulls/{pull_number}`: as the description of the API writes it. */
  readonly template: string;
  answer(matched: Matched<Context>): Reply;
}

/** The route of a request, and what stands in its places; null: there is none. */
export function findRoute<R extends { readonly method: string; readonly template: string }>(
  routes: readonly R[],
  { method, path }: Incoming,
): { readonly route: R; readonly parameters: Record<string, string> } | null {
  for (const route of routes) {
    const found = route.method === method ? patternOf(route.template).exec(path) : null;
    if (found === null) continue;
    const parameters = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { route, parameters: Object.fromEntries(parameters) as Record<string, string> };
  }
  return null;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
