import { describe, expect, it } from 'vitest';
import type { ModelShape } from '../../../src/entry/bench/model.js';
import { changedFile, layerWidth, modelElement, modelFiles } from '../../../src/entry/bench/model.js';
import { terraformConfiguration, terraformState } from '../../../src/entry/bench/terraform.js';
import { loadFiles } from '../../support/model-repository.js';

const layered: ModelShape = { elements: 300, layout: 'layered' };

function solutionsOf(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((path) => path.startsWith('solutions/'));
}

describe('the generated model', () => {
  it.each([
    ['independent', { elements: 120, layout: 'independent' }],
    ['layered', layered],
    ['in a single file', { elements: 300, layout: 'layered', perFile: 300 }],
  ] as const)('is valid and has every element: %s', async (_name, shape) => {
    const { desired, validation } = await loadFiles(Object.fromEntries(modelFiles(shape)));
    expect(validation.diagnostics).toEqual([]);
    const elements = [...desired.solutions.values()].flatMap((solution) => [...solution.elements.values()]);
    expect(elements).toHaveLength(shape.elements);
    for (const { rollout } of elements)
      expect([rollout.minHealthyTimeMs, rollout.drainDelayMs], 'nothing waits').toEqual([0, 0]);
  });

  it('holds 50 elements a file, so that every peer is given the same', () => {
    const files = modelFiles(layered);
    expect(solutionsOf(files)).toHaveLength(6);
    for (const path of solutionsOf(files))
      expect(files.get(path)?.match(/^ {2}e\d+:/gm), path).toHaveLength(50);
  });

  it('uses two or three of the layer before, in its own solution and in others', () => {
    const crossing = { own: 0, other: 0 };
    for (let index = layerWidth; index < layered.elements; index++) {
      const element = modelElement(layered, index);
      expect(new Set(element.uses).size).toBe(2 + (index % 2));
      for (const provider of element.uses) {
        expect(Math.floor(provider / layerWidth)).toBe(Math.floor(index / layerWidth) - 1);
        const own = modelElement(layered, provider).solution === element.solution;
        crossing[own ? 'own' : 'other']++;
      }
    }
    expect(crossing.own).toBeGreaterThan(0);
    expect(crossing.other).toBeGreaterThan(0);
  });

  it('changes one line of one file when one element is raised', () => {
    const files = modelFiles(layered);
    const { path, text } = changedFile(layered, files, 123, '1.1.0');
    const before = files.get(path)?.split('\n') ?? [];
    const differing = text.split('\n').filter((line, i) => line !== before[i]);
    expect(differing).toHaveLength(1);
    expect(differing[0]).toContain('version: 1.1.0');
  });
});

describe("Terraform's peer of the model", () => {
  it('has the same elements and the same edges', () => {
    const text = terraformConfiguration(layered);
    expect(text.match(/^resource /gm)).toHaveLength(300);
    const edges = text.match(/terraform_data\.e\d+/g) ?? [];
    const uses = Array.from({ length: 300 }, (_, index) => modelElement(layered, index).uses.length);
    expect(edges).toHaveLength(uses.reduce((sum, count) => sum + count, 0));
  });

  it('stands in a state in which each resource names all that it depends on, nearest and farthest', () => {
    const { resources } = JSON.parse(terraformState({ elements: 101, layout: 'layered' })) as {
      resources: { name: string; instances: { dependencies: string[] }[] }[];
    };
    expect(resources).toHaveLength(101);
    expect(resources[100]?.name).toBe('e000100');
    expect(resources[100]?.instances[0]?.dependencies).toContain('terraform_data.e000050');
    expect(resources[100]?.instances[0]?.dependencies).toContain('terraform_data.e000000');
  });
});
