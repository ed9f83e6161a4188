// Compiles schemas/*.schema.json into plain functions, so that no schema is compiled while Heliostat runs.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/root.mjs';
import { writeIfChanged } from './lib/write-if-changed.mjs';

const KINDS = ['Domain', 'Component', 'Solution'];
const SCHEMAS = join(root, 'schemas');
const OUT = join(root, 'src/core/model/generated');

const DECLARATIONS = `// Generated from schemas/ by scripts/generate.mjs.
export interface SchemaError {
  /** JSON pointer to the offending value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
export interface SchemaValidator {
  (data: unknown): boolean;
  /** What was wrong with the value of the last call; null or absent if it was valid. */
  errors?: readonly SchemaError[] | null;
}
${KINDS.map((kind) => `export declare const validate${kind}: SchemaValidator;`).join('\n')}
`;

export async function generate() {
  writeIfChanged(join(OUT, 'validators.js'), await bundle(await standaloneCode(readSchemas())));
  writeIfChanged(join(OUT, 'validators.d.ts'), DECLARATIONS);
}

/** Vitest calls this before its first test: the tests import what is generated. */
export { generate as setup };

function readSchemas() {
  if (!existsSync(SCHEMAS)) return [];
  return readdirSync(SCHEMAS)
    .filter((name) => name.endsWith('.schema.json'))
    .sort()
    .map((name) => ({ name, schema: JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')) }));
}

/** The schema of a kind is named after it: schemas/component.schema.json. */
function isOfKind(name, kind) {
  return name.toLowerCase() === `${kind.toLowerCase()}.schema.json`;
}

async function standaloneCode(schemas) {
  const { default: Ajv } = await import('ajv');
  const { default: standalone } = await import('ajv/dist/standalone/index.js');
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    // `examples` and the like teach editors; ajv knows them. These are editors' own keywords.
    keywords: ['markdownDescription', 'defaultSnippets', 'enumDescriptions'],
    code: { source: true, esm: true, lines: true },
  });
  const keys = Object.fromEntries(
    schemas.map(({ name, schema }) => {
      ajv.addSchema(schema, schema.$id ? undefined : name);
      return [name, schema.$id ?? name];
    }),
  );
  const names = KINDS.map((kind) => [kind, Object.keys(keys).find((name) => isOfKind(name, kind))]);
  const exported = names.filter(([, name]) => name).map(([kind, name]) => [`validate${kind}`, keys[name]]);
  const code = exported.length > 0 ? standalone(ajv, Object.fromEntries(exported)) : '';
  return [code, ...names.filter(([, name]) => !name).map(([kind]) => missing(kind))].join('\n');
}

function missing(kind) {
  const file = `schemas/${kind.toLowerCase()}.schema.json`;
  return `export function validate${kind}() { throw new Error('${file} did not exist when the validators were generated'); }`;
}

/** ajv's code still contains `require` of its helpers, even as an ES module: esbuild puts them in. */
async function bundle(contents) {
  const { build } = await import('esbuild');
  const result = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'validators.js', loader: 'js' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    banner: { js: '// Generated from schemas/ by scripts/generate.mjs.' },
    logLevel: 'warning',
  });
  return result.outputFiles[0].text;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await generate();
