import type { Json, JsonMap } from '../../core/base/data.js';
import { isMap } from '../../core/base/data.js';
import { Failure } from '../cli/operations.js';

/** A mistake in the operator's configuration. */
export function wrongConfig(where: string, message: string, fix: string): Failure {
  return new Failure('config.invalid', `${where}: ${message}`, fix);
}

/** One map of the operator's configuration, read key by key. What is wrong is said by its whole name. */
export class ConfigMap {
  private constructor(
    readonly file: string,
    /** Of the map, `forge`; empty: the whole. */
    private readonly name: string,
    private readonly data: JsonMap,
  ) {}

  /** The whole of the file. */
  static whole(file: string, data: JsonMap): ConfigMap {
    return new ConfigMap(file, '', data);
  }

  /** Null where nothing is said. @throws {Failure} where it is no map, or has a key that nobody reads. */
  map(key: string, known: readonly string[], example: string): ConfigMap | null {
    const value = this.value(key);
    if (value === undefined) return null;
    const name = this.nameOf(key);
    if (!isMap(value)) throw this.wrong(key, 'is not a map', example);
    return new ConfigMap(this.file, name, value).only(known);
  }

  only(known: readonly string[]): this {
    for (const key of Object.keys(this.data))
      if (!known.includes(key))
        throw wrongConfig(
          this.file,
          `there is no setting ${this.nameOf(key)}`,
          `Use one of ${known.join(', ')}.`,
        );
    return this;
  }

  /** Undefined where nothing is said. */
  value(key: string): Json | undefined {
    return this.data[key] ?? undefined;
  }

  text(key: string): string | null {
    const value = this.value(key);
    if (value === undefined) return null;
    if (typeof value !== 'string' || value === '')
      throw this.wrong(key, 'is not a text', `Write ${key}: TEXT.`);
    return value;
  }

  flag(key: string, usual: boolean): boolean {
    const value = this.value(key) ?? usual;
    if (typeof value !== 'boolean')
      throw this.wrong(key, 'is neither true nor false', `Write ${key}: ${!usual}, or leave it out.`);
    return value;
  }

  /** Null where nothing is said. */
  number(key: string): number | null {
    const value = this.value(key);
    if (value === undefined) return null;
    if (typeof value !== 'number') throw this.wrong(key, 'is no number', `Write ${key}: 12345.`);
    return value;
  }

  /** The first of them is the usual one. */
  oneOf<T extends string>(key: string, [usual, ...others]: readonly [T, ...T[]]): T {
    const value = this.value(key) ?? usual;
    const known = [usual, ...others];
    const found = known.find((each) => each === value);
    if (found === undefined)
      throw this.wrong(key, `is none of ${known.join(', ')}`, `Write ${key}: ${usual}.`);
    return found;
  }

  /** Where a secret is read from: `env:NAME` or `file:/absolute/path`. */
  source(key: string): string | null {
    const value = this.value(key);
    if (value === undefined) return null;
    // What stands there may be the secret itself, so it is not repeated.
    if (typeof value !== 'string' || !/^(?:env|file):./.test(value))
      throw this.wrong(
        key,
        'names no place to read it from',
        `Write ${key}: "file:/absolute/path" or ${key}: "env:NAME"; never the secret itself.`,
      );
    return value;
  }

  wrong(key: string, what: string, fix: string): Failure {
    return wrongConfig(this.file, `${this.nameOf(key)} ${what}`, fix);
  }

  private nameOf(key: string): string {
    return this.name === '' ? key : `${this.name}.${key}`;
  }
}
