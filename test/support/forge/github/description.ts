import type { Incoming, Reply } from '../server.js';

/** An operation of the API, as its description names it. */
export interface Operation {
  readonly method: string;
  readonly template: string;
}

/** What is wrong with a request or a reply by GitHub's own description; nothing: it fits. */
export interface Description {
  request(operation: Operation, request: Incoming, parameters: Readonly<Record<string, string>>): string[];
  reply(operation: Operation, reply: Reply): string[];
}

/** Null where it is not installed. */
export async function openDescription(): Promise<Description | null> {
  return null;
}
