import fc from 'fast-check';
import { parse, stringify } from 'yaml';

/** Path → text. */
export type ModelFiles = Readonly<Record<string, string>>;

/** A change at the level of text, of lines, of structure, or of files. */
export type Edit = (files: Record<string, string>) => void;

const signs = [
  ...'[]{}:,-?&*!|>%@`"\'#\n\t \\$~.',
  '\r',
  '\0',
  '\u202e',
  '\u200b',
  '\ud800',
  '<<: *a',
  '---\n',
  '&a ',
  '*a ',
  '${',
  '}',
  '0x',
  '1e9',
  '!!js/function ',
];

/** Words that mean something somewhere, and values that no field expects. */
const words: readonly unknown[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  'null',
  '.',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'services/**',
  '**',
  'web',
  'api',
  'store',
  'shop',
  'front',
  'noop',
  'process',
  '1.0.0',
  '1.1.0',
  '2.0.0-dev.1',
  'v1',
  '1.10',
  '99999999999999999999.0.0',
  '>=1 <2',
  '*',
  '<1',
  '>=2',
  '10s',
  '0s',
  '-5s',
  '999999999d',
  '1e9s',
  '50%',
  '-1%',
  '1000%',
  'auto',
  'rolling',
  'recreate',
  'canary',
  'inPlace',
  'context',
  'service',
  'pause',
  'revert',
  'abort',
  'hold',
  '${instance.port}',
  '${instance.ordinal}',
  '${',
  '$${x}',
  '${configuration.note}',
  '${configuration.__proto__}',
  '${relationships.api.endpoint.url}',
  '${secret:token}',
  '${secrets.token}',
  '${relationships.constructor.endpoint.url}',
  '${instance.__proto__}',
  '^(a+)+$',
  '(',
  '[',
  'é'.repeat(300),
  'n'.repeat(300),
  '日本',
  'a\u0000b',
  'a\u001b[2Jb',
  'x: y',
  '- x',
  '"',
  "'",
  -1,
  0,
  1,
  3,
  1e9,
  9007199254740993,
  0.5,
  -0,
  1e308,
  true,
  false,
  null,
  [],
  {},
  [[]],
  [null],
  { a: { b: {} } },
  { $ref: 'http://127.0.0.1/x' },
  { $ref: 'file:///etc/passwd' },
  { $ref: '#/x' },
  { type: 'object', properties: { __proto__: { type: 'string' } } },
  { type: 'string', pattern: '^(a+)+$' },
  { element: 'web', solution: 'shop' },
  { element: 'api', solution: 'front' },
  { port: 'auto' },
  { port: 25000 },
  { port: 0 },
];

/** Keys of every kind, so that a field lands where another was. */
const keys = [
  'apiVersion',
  'kind',
  'name',
  'version',
  'provider',
  'artifacts',
  'configuration',
  'parameters',
  'dependencies',
  'endpoint',
  'health',
  'timeouts',
  'retries',
  'elements',
  'component',
  'size',
  'relationships',
  'expose',
  'rollout',
  'repair',
  'defaults',
  'strategy',
  'maxSurge',
  'maxUnavailable',
  'allowDowntime',
  'type',
  'many',
  'exclusive',
  'upgrade',
  'standby',
  'labels',
  'providers',
  'secrets',
  'requires',
  '__proto__',
  'constructor',
  '<<',
  '',
  'x',
  '0',
];

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

function fileOf(files: Record<string, string>, at: number): string {
  const paths = Object.keys(files);
  return paths[Math.floor(at * paths.length)] ?? '';
}

function onFile(change: (text: string) => string): (file: number) => Edit {
  return (file) => (files) => {
    const path = fileOf(files, file);
    if (path !== '') files[path] = change(files[path] ?? '');
  };
}

const textEdit = fc
  .record({ file: place, at: place, cut: fc.nat(20), sign: fc.constantFrom(...signs) })
  .map(({ file, at, cut, sign }) =>
    onFile((text) => {
      const start = Math.floor(at * (text.length + 1));
      return text.slice(0, start) + sign + text.slice(start + cut);
    })(file),
  );

const lineEdit = fc
  .record({ file: place, at: place, to: place, what: fc.constantFrom('remove', 'double', 'move', 'indent') })
  .map(({ file, at, to, what }) =>
    onFile((text) => {
      const lines = text.split('\n');
      const from = Math.floor(at * lines.length);
      const line = lines[from] ?? '';
      const target = Math.floor(to * lines.length);
      if (what === 'remove') lines.splice(from, 1);
      else if (what === 'double') lines.splice(target, 0, line);
      else if (what === 'indent') lines[from] = `  ${line}`;
      else lines.splice(target, 0, ...lines.splice(from, 1));
      return lines.join('\n');
    })(file),
  );

const wordEdit = fc
  .record({ file: place, at: place, word: fc.constantFrom(...words) })
  .map(({ file, at, word }) =>
    onFile((text) => {
      const found = [...text.matchAll(/[\w.~^<>=*/-]+/g)];
      const hit = found[Math.floor(at * found.length)];
      if (hit === undefined) return text;
      const put = typeof word === 'string' ? word : JSON.stringify(word);
      return text.slice(0, hit.index) + put + text.slice(hit.index + hit[0].length);
    })(file),
  );

type Branch = Record<string, unknown> | unknown[];

/** Every place of a document where something may be changed. */
function branchesOf(value: unknown, found: { of: Branch; key: string | number }[] = []): typeof found {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ of: value as Branch, key: Array.isArray(value) ? Number(key) : key });
    branchesOf((value as Record<string, unknown>)[key], found);
  }
  return found;
}

function put(of: Branch, key: string | number, value: unknown): void {
  // `of[key] = …` would set the prototype of this very test.
  Object.defineProperty(of, key, { value, enumerable: true, configurable: true, writable: true });
}

const structureEdit = fc
  .record({
    file: place,
    at: place,
    from: place,
    word: fc.constantFrom(...words),
    key: fc.constantFrom(...keys),
    what: fc.constantFrom('remove', 'replace', 'copy', 'rename', 'add', 'wrap'),
  })
  .map(({ file, at, from, word, key, what }) =>
    onFile((text) => {
      let document: unknown;
      try {
        document = parse(text, { logLevel: 'silent' });
      } catch {
        return text;
      }
      const all = branchesOf(document);
      const target = all[Math.floor(at * all.length)];
      const other = all[Math.floor(from * all.length)];
      if (target === undefined || other === undefined) return text;
      const value = (target.of as Record<string, unknown>)[target.key];
      if (what === 'remove' || what === 'rename') {
        if (Array.isArray(target.of)) target.of.splice(Number(target.key), 1);
        else delete target.of[target.key];
        if (what === 'rename' && !Array.isArray(target.of)) put(target.of, key, value);
      } else if (what === 'replace') put(target.of, target.key, word);
      else if (what === 'add') put(target.of, Array.isArray(target.of) ? target.of.length : key, word);
      else if (what === 'wrap') put(target.of, target.key, { [key]: value });
      else put(target.of, target.key, structuredClone((other.of as Record<string, unknown>)[other.key]));
      return stringify(document, { aliasDuplicateObjects: false });
    })(file),
  );

const paths = [
  'solutions/other.yaml',
  'solutions/a/b/c.yaml',
  'catalog/x/1.0.0.yaml',
  'catalog/web/9.0.0.yaml',
  'heliostat.yaml',
  'envs/prod/heliostat.yaml',
  'solutions/heliostat.yaml',
  'catalog.yaml',
  'solutions/__proto__.yaml',
  'catalog/constructor/1.0.0.yml',
  'services/new.mjs',
];

const fileEdit = fc
  .record({
    file: place,
    to: fc.constantFrom(...paths),
    other: place,
    what: fc.constantFrom('remove', 'copy', 'move', 'swap'),
  })
  .map(({ file, to, other, what }): Edit => (files) => {
    const path = fileOf(files, file);
    const text = files[path] ?? '';
    if (what === 'copy' || what === 'move') files[to] = text;
    if (what === 'remove' || (what === 'move' && path !== to)) delete files[path];
    if (what === 'swap') {
      const second = fileOf(files, other);
      [files[path], files[second]] = [files[second] ?? '', text];
    }
  });

const oneEdit = fc.oneof(
  { weight: 3, arbitrary: textEdit },
  { weight: 2, arbitrary: lineEdit },
  { weight: 4, arbitrary: wordEdit },
  { weight: 6, arbitrary: structureEdit },
  { weight: 1, arbitrary: fileEdit },
);

/** Mostly one change: what stays close to a sound model gets past the first checks. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(oneEdit) },
  { weight: 1, arbitrary: fc.array(oneEdit, { minLength: 2, maxLength: 5 }) },
);

export function changed(files: ModelFiles, changes: readonly Edit[]): ModelFiles {
  const result = { ...files };
  for (const change of changes) change(result);
  return result;
}
