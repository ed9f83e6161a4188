import { isMap, type Json, type JsonMap } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { satisfies, type Range, type Version } from '../base/version.js';
import type { LocatedDocument } from './document.js';
import { explainErrors } from './explain.js';
import { Findings } from './findings.js';
import type { DomainDocument, KindDocument } from './kinds.js';
import { withoutBroken, type SoundPart } from './broken-elements.js';
import { checkMeaning } from './meaning.js';
import { placeMistake } from './place.js';
import { quoted } from './quote.js';
import { kindSchemas, type KindName } from './schemas.js';
import { suggest } from './suggest.js';

export interface KindContext {
  /** Of Heliostat itself, for `requires`. */
  readonly programVersion: Version;
  /** Folder of the `heliostat.yaml` that the file belongs to; `''` for the root. Null: unknown, its place is not checked. */
  readonly folder: string | null;
}

export interface ReadKind {
  /** Null if anything in it is an error. Durations, amounts, versions and ranges in it are known to parse. */
  readonly document: KindDocument | null;
  /** What is left of a solution whose errors are all below its elements. */
  readonly partly: SoundPart | null;
  readonly diagnostics: readonly Diagnostic[];
}

const apiVersion = 'heliostat/v1';
const laterKinds = ['Architecture', 'Policy'];

/** What a text means as one of our kinds, or all that is wrong with it (problems of the text included). */
export function readKind(file: string, document: LocatedDocument, context: KindContext): ReadKind {
  if (document.problems.length > 0)
    return refused(document.problems.map((problem) => ({ ...problem, file })));
  const findings = new Findings(file, document);
  const { data } = document;
  if (!isMap(data)) {
    findings.atValue([], noMap(data));
    return refused(findings.list());
  }
  const kind = kindNameOf(data, findings);
  if (kind === null) return refused(findings.list());
  checkMeaning(kind, data, findings);
  // Its type guard would narrow the data to nothing; errors are read from the function itself.
  if (!kindSchemas[kind].validate(data)) explainErrors(kindSchemas[kind], document, findings);
  const partly = findings.errors ? withoutBroken(kind, data, findings.wrong) : null;
  if (findings.errors && partly === null) return refused(findings.list());
  const known = partly?.document ?? (data as unknown as KindDocument);
  if (known.kind === 'Domain') checkRequires(known, context.programVersion, findings);
  const misplaced = context.folder === null ? null : placeMistake(known, file, context.folder);
  if (misplaced !== null) findings.ofFile('warning', misplaced);
  return { document: findings.errors ? null : known, partly, diagnostics: findings.list() };
}

/** Whether a document says that it is one of ours, whatever else is wrong with it. */
export function claimsKind(document: LocatedDocument): boolean {
  const { data } = document;
  if (!isMap(data)) return false;
  const { apiVersion: version } = data;
  return typeof version === 'string' && version.startsWith('heliostat/');
}

function refused(diagnostics: readonly Diagnostic[]): ReadKind {
  return { document: null, partly: null, diagnostics };
}

function noMap(data: Json) {
  const message = data === null ? 'the file is empty' : 'the file is no map of keys and values';
  const fix = `Begin with the lines apiVersion: ${apiVersion} and kind: Solution, or remove the file.`;
  return { code: 'kind.empty', message, fix };
}

function kindNameOf(data: JsonMap, findings: Findings): KindName | null {
  const { kind, apiVersion: version } = data;
  if (version !== apiVersion)
    findings.atKey(version === undefined ? [] : ['apiVersion'], wrongVersion(version));
  findings.explain('/apiVersion');
  if (typeof kind === 'string' && Object.hasOwn(kindSchemas, kind)) return kind as KindName;
  if (typeof kind === 'string' && laterKinds.includes(kind)) findings.atValue(['kind'], laterKind(kind));
  else findings.atValue(kind === undefined ? [] : ['kind'], unknownKind(kind));
  return null;
}

function wrongVersion(version: Json | undefined) {
  const found = typeof version === 'string' ? quoted(version) : version === undefined ? 'missing' : 'no text';
  return {
    code: 'kind.apiVersion',
    message: `apiVersion is ${found}; this release reads ${apiVersion}`,
    fix: `Write apiVersion: ${apiVersion}.`,
  };
}

function laterKind(kind: string) {
  return {
    code: 'feature.unavailable',
    message: `the kind ${kind} has no meaning in this release of Heliostat yet`,
    fix:
      kind === 'Policy'
        ? 'Remove the file, and protect the branch on your forge.'
        : 'Remove the file, and write the elements into the solutions.',
  };
}

function unknownKind(kind: Json | undefined) {
  const known = Object.keys(kindSchemas);
  const likely = typeof kind === 'string' ? suggest(kind, [...known, ...laterKinds]) : null;
  return {
    code: 'kind.unknown',
    message: typeof kind === 'string' ? `there is no kind ${quoted(kind)}` : 'the file says no kind',
    fix: likely === null ? `Write kind: followed by one of ${known.join(', ')}.` : `Write kind: ${likely}.`,
  };
}

function checkRequires({ requires }: DomainDocument, version: Version, findings: Findings): void {
  if (requires === undefined || satisfies(version, requires as Range)) return;
  findings.atValue(['requires'], {
    code: 'domain.requires',
    message: `this domain asks for Heliostat ${quoted(requires)}, and this is ${version}`,
    fix: 'Install a version in that range, or widen the range.',
  });
}
