import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'vitest';

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });

/** Parses one document of JSON and holds it against `schemas/output/<name>.schema.json`. */
export function expectDocument(name: string, json: string): Record<string, unknown> {
  const id = `output/${name}.schema.json`;
  const file = new URL(`../../../../schemas/${id}`, import.meta.url);
  if (ajv.getSchema(id) === undefined) ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object);
  const data: unknown = JSON.parse(json);
  const validate = ajv.getSchema(id);
  expect(validate?.(data), JSON.stringify(validate?.errors, null, 2)).toBe(true);
  return data as Record<string, unknown>;
}
