import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ModelShape } from './model.js';
import { modelElement, versions } from './model.js';

/** Terraform's `terraform_data`, which runs nothing: the same elements and the same edges. */
export function terraformConfiguration(shape: ModelShape, raised: number | null = null): string {
  const blocks: string[] = [];
  for (let index = 0; index < shape.elements; index++) {
    const { name, uses } = modelElement(shape, index);
    const others = uses.map((provider) => `terraform_data.${modelElement(shape, provider).name}`);
    const more = others.length === 0 ? '' : `\n  depends_on = [${others.join(', ')}]`;
    const version = versions[index === raised ? 1 : 0];
    blocks.push(`resource "terraform_data" "${name}" {\n  input = { version = "${version}" }${more}\n}\n`);
  }
  return blocks.join('\n');
}

/** The state that `terraform apply` leaves, so that a plan of nothing to do needs no apply before it. */
export function terraformState(shape: ModelShape): string {
  const resources = Array.from({ length: shape.elements }, (_, index) => {
    const { name, uses } = modelElement(shape, index);
    const value = { value: { version: versions[0] }, type: ['object', { version: 'string' }] };
    return {
      mode: 'managed',
      type: 'terraform_data',
      name,
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [
        {
          schema_version: 0,
          attributes: { id: `id-${index}`, input: value, output: value, triggers_replace: null },
          sensitive_attributes: [],
          dependencies: dependenciesOf(shape, uses),
        },
      ],
    };
  });
  const head = { version: 4, terraform_version: '1.11.0', serial: 1 };
  return JSON.stringify({
    ...head,
    lineage: '00000000-0000-4000-8000-000000000000',
    outputs: {},
    resources,
    check_results: null,
  });
}

/** Terraform writes all of them, not only the next ones. */
function dependenciesOf(shape: ModelShape, uses: readonly number[]): string[] {
  const all = new Set<number>();
  const pending = [...uses];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (all.has(index)) continue;
    all.add(index);
    pending.push(...modelElement(shape, index).uses);
  }
  return [...all].sort((a, b) => a - b).map((index) => `terraform_data.${modelElement(shape, index).name}`);
}

/** Null where it is not installed. */
export function findTerraform(path = process.env['PATH'] ?? ''): string | null {
  const places = path.split(delimiter).map((folder) => join(folder, 'terraform'));
  return places.find((file) => existsSync(file)) ?? null;
}

/** A folder ready for `plan` and `apply`; with `state` as after an apply. */
export function terraformFolder(
  terraform: string,
  folder: string,
  shape: ModelShape,
  withState: boolean,
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.tf'), terraformConfiguration(shape));
  if (withState) writeFileSync(join(folder, 'terraform.tfstate'), terraformState(shape));
  const { status, stderr } = spawnSync(terraform, ['init', '-input=false', '-no-color'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`terraform init: ${stderr}`);
}
