import { isMap, type Json, type JsonMap } from '../../../core/base/data.js';
import { kindSchemas, partAt, type KindName } from '../../../core/model/schemas.js';

/** One place of the format where people may write something, as its schema has it. */
export interface Field {
  readonly kind: KindName;
  /** `elements.*.size`; `*` stands for any name or index. */
  readonly path: string;
  readonly schema: JsonMap;
  readonly isRequired: boolean;
}

export const kindNames: readonly KindName[] = ['Domain', 'Component', 'Solution'];

/** Every field of a kind, read from its schema: one that is new appears here by itself. */
export function fieldsOf(kind: KindName): Field[] {
  const fields: Field[] = [];
  const root = kindSchemas[kind].schema;
  const walk = (path: readonly string[], isRequired: boolean): void => {
    const { schema } = partAt(root, path);
    if (path.length > 0) fields.push({ kind, path: path.join('.'), schema, isRequired });
    const required = schema['required'];
    const names: readonly Json[] = Array.isArray(required) ? required : [];
    const { properties, additionalProperties, items } = schema;
    if (isMap(properties))
      for (const key of Object.keys(properties)) walk([...path, key], names.includes(key));
    if (isMap(additionalProperties) || isMap(items)) walk([...path, '*'], false);
  };
  walk([], true);
  return fields;
}
