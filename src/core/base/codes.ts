import { byCodeUnit } from './order.js';
import { actionCodes } from './codes/action.js';
import { canaryCodes } from './codes/canary.js';
import { commandCodes } from './codes/command.js';
import { controllerCodes } from './codes/controller.js';
import type { CodeDescription, CodeTable } from './codes/describe.js';
import { documentCodes } from './codes/document.js';
import { forgeCodes } from './codes/forge.js';
import { modelCodes } from './codes/model.js';
import { operationCodes } from './codes/operations.js';
import { providerCodes } from './codes/provider.js';
import { remoteCodes } from './codes/remote.js';
import { textCodes } from './codes/text.js';
import { worldCodes } from './codes/world.js';

export type { CodeDescription } from './codes/describe.js';

/**
 * Every code that Heliostat can show: of diagnostics, holds, conditions and failures. `heliostat explain CODE` and
 * docs/diagnostics.md come from here. A new code is added to the table of its area under `codes/`.
 */
export const codes: CodeTable = {
  ...textCodes,
  ...documentCodes,
  ...modelCodes,
  ...canaryCodes,
  ...worldCodes,
  ...remoteCodes,
  ...providerCodes,
  ...forgeCodes,
  ...actionCodes,
  ...controllerCodes,
  ...operationCodes,
  ...commandCodes,
};

/** Null for a code that does not exist. */
export function describeCode(code: string): CodeDescription | null {
  return Object.hasOwn(codes, code) ? (codes[code] ?? null) : null;
}

/** Sorted. */
export function allCodes(): string[] {
  return Object.keys(codes).sort(byCodeUnit);
}
