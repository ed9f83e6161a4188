import { isMap, type Json, type JsonMap } from '../base/data.js';
import type { Position } from '../base/diagnostic.js';
import { pointerOf } from './locate.js';
import { positionIn, type SourceFile } from './source.js';

export type LayerName = 'default' | 'solution' | 'element' | 'cluster';

/** One layer of configuration, as written. */
export interface Layer {
  readonly name: LayerName;
  readonly value: JsonMap;
  readonly source: SourceFile;
  /** Of the layer's value in its file; for defaults that of `parameters`. */
  readonly pointer: string;
}

/** Each layer over the one before: maps merge key by key, everything else is replaced, `null` removes. */
export function mergeLayers(layers: readonly Layer[]): JsonMap {
  return layers.reduce<JsonMap>((below, layer) => mergeMaps(below, layer.value), {});
}

function mergeMaps(below: JsonMap, above: JsonMap): JsonMap {
  const merged: Record<string, Json> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = below[key];
    if (value === null) delete merged[key];
    else if (isMap(value)) merged[key] = mergeMaps(isMap(under) ? under : {}, value);
    else merged[key] = value;
  }
  return merged;
}

export interface Origin {
  readonly layer: LayerName;
  readonly source: SourceFile;
  readonly pointer: string;
}

/** The layer that set the value at a path, and where: looked up when somebody asks. */
export function originOf(layers: readonly Layer[], path: readonly string[]): Origin | null {
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i] as Layer;
    const depth = depthOf(layer.value, path);
    if (depth === path.length)
      return { layer: layer.name, source: layer.source, pointer: pointerIn(layer, path) };
    // A value inside a list or a scalar comes from whoever wrote the whole.
    if (depth > 0 && !isMap(at(layer.value, path.slice(0, depth)))) {
      return { layer: layer.name, source: layer.source, pointer: pointerIn(layer, path) };
    }
  }
  return null;
}

export function originPosition(origin: Origin): Position {
  return positionIn(origin.source, origin.pointer);
}

function depthOf(value: Json, path: readonly string[]): number {
  let below: Json | undefined = value;
  for (let depth = 0; depth < path.length; depth++) {
    if (!isMap(below) || !Object.hasOwn(below, path[depth] as string)) return depth;
    below = below[path[depth] as string];
  }
  return path.length;
}

function at(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((below, key) => (isMap(below) ? below[key] : undefined), value);
}

function pointerIn(layer: Layer, path: readonly string[]): string {
  if (layer.name !== 'default') return layer.pointer + pointerOf(...path);
  return layer.pointer + path.map((key) => pointerOf('properties', key)).join('') + '/default';
}

/** Every leaf of a configuration (scalars, lists, empty maps) with its path, sorted by path. */
export function leavesOf(value: JsonMap, path: readonly string[] = []): { path: string[]; value: Json }[] {
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key] as Json;
      const here = [...path, key];
      return isMap(member) && Object.keys(member).length > 0
        ? leavesOf(member, here)
        : [{ path: here, value: member }];
    });
}
