import type { Runner } from '../../adapters/runner/runner.js';
import type { Json } from '../../core/base/data.js';
import type { CommentDocument } from '../../core/status/comment/document.js';
import type { ActionInputs } from './inputs.js';
import type { Occasion } from './occasion.js';
import type { ActionOperations, Work } from './operations.js';

/** The surroundings of one step of a workflow. */
export interface Step {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: Runner;
  /** Of the event; null where there is none. */
  readonly payload: Json;
  readonly signal: AbortSignal;
  loadOperations(): Promise<ActionOperations>;
  /** Makes a private file of a secret that has to be one, and says where. */
  keepSecret(name: string, text: string): Promise<string>;
  writeReport(path: string, text: string): Promise<void>;
}

/** What a step ends with, as the command line does; `document` is its summary. */
export interface Result {
  readonly code: number;
  readonly document: CommentDocument;
  readonly outputs: Readonly<Record<string, string>>;
  readonly report: Json;
}

/** One command, with all that it needs. */
export interface Task {
  readonly step: Step;
  readonly inputs: ActionInputs;
  readonly occasion: Occasion;
  readonly work: Work;
  asFailure(error: unknown): unknown;
}
