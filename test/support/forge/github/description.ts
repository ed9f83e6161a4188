import { existsSync, readFileSync } from 'node:fs';
import { description as file } from '../../../../scripts/openapi.mjs';
import type { Incoming, Reply } from '../server.js';
import { Compiler, type Schema, type Schemas } from './schemas.js';

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

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly 'application/json'?: { readonly schema: Schema };
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Schemas;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  };
}

let opened: Description | null | undefined;

/** Null where it is not installed. Read once a process: it is large. */
export function openDescription(): Description | null {
  if (opened === undefined)
    opened = existsSync(file) ? describe(JSON.parse(readFileSync(file, 'utf8')) as Document) : null;
  return opened;
}

/** What is not part of it, and so cannot be held against it. */
const elsewhere = ['/graphql'];

function describe(document: Document): Description {
  const compiler = new Compiler(document.components.schemas);
  const find = ({ method, template }: Operation): Described | undefined =>
    document.paths[template]?.[method.toLowerCase()];
  const named = (operation: Operation, wrong: readonly string[]): string[] =>
    wrong.map((text) => `${operation.method} ${operation.template}: ${text}`);
  const texts = parametersSchemas(document);
  return {
    request(operation, request, parameters) {
      if (elsewhere.includes(operation.template)) return [];
      const described = find(operation);
      if (described === undefined) return named(operation, ['there is no such operation']);
      const { path, query } = texts(described);
      return named(operation, [
        ...compiler.faultsOfText(path, parameters).map((fault) => `path${fault}`),
        ...compiler.faultsOfText(query, Object.fromEntries(request.query)).map((fault) => `query${fault}`),
        ...bodyFaults(compiler, described, request.body),
      ]);
    },
    reply(operation, reply) {
      const described = find(operation);
      if (described === undefined) return [];
      return named(operation, replyFaults(compiler, document, { described, reply }));
    },
  };
}

/** Schemas of all path parameters, and of all query parameters, of an operation; made once. */
function parametersSchemas(document: Document): (described: Described) => { path: Schema; query: Schema } {
  const made = new Map<Described, { path: Schema; query: Schema }>();
  return (described) => {
    const known = made.get(described);
    if (known !== undefined) return known;
    const all = (described.parameters ?? []).map((one) =>
      one.$ref === undefined ? one : resolved(document.components.parameters, one.$ref),
    );
    const schemaOf = (place: 'path' | 'query'): Schema => {
      const those = all.filter((one) => one.in === place);
      return {
        type: 'object',
        properties: Object.fromEntries(those.map(({ name, schema }) => [name, schema])),
        required: those.filter(({ required }) => required).map(({ name }) => name),
        additionalProperties: false,
      };
    };
    const schemas = { path: schemaOf('path'), query: schemaOf('query') };
    made.set(described, schemas);
    return schemas;
  };
}

function resolved<T>(those: Readonly<Record<string, T>>, ref: string): T {
  const found = those[ref.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`the description lacks ${ref}`);
  return found;
}

function bodyFaults(compiler: Compiler, { requestBody }: Described, body: unknown): string[] {
  if (body === undefined) return requestBody?.required === true ? ['a body is missing'] : [];
  const schema = requestBody?.content['application/json']?.schema;
  if (schema === undefined) return ['it takes no body'];
  return compiler.faults(schema, body).map((fault) => `request${fault}`);
}

function replyFaults(
  compiler: Compiler,
  document: Document,
  { described, reply }: { readonly described: Described; readonly reply: Reply },
): string[] {
  const { status, body } = reply;
  const listed = described.responses[String(status)];
  // Credentials, permissions and names are wrong everywhere in the same way, and not listed everywhere.
  const isCommon = listed === undefined && [401, 403, 404, 422].includes(status);
  if (listed === undefined && !isCommon) return [`it never answers ${status}`];
  const response = listed?.$ref === undefined ? listed : resolved(document.components.responses, listed.$ref);
  const schema = isCommon
    ? { $ref: '#/components/schemas/basic-error' }
    : response?.content?.['application/json']?.schema;
  if (schema === undefined) return body === undefined ? [] : [`it answers ${status} without a body`];
  return compiler.faults(schema, body).map((fault) => `${status}${fault}`);
}
