import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { ExitCode } from '../operations.js';
import { jsonDocument } from '../render/json.js';
import { printable } from '../render/printable.js';
import { padded, widest } from '../render/words.js';

/** The providers that the operator allows here. */
export async function providerList(context: Context): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const manifests = await operations.providers(requestOf(context));
  const { terminal, json, paint } = context;
  if (json) {
    terminal.out(jsonDocument({ providers: manifests }));
    return 0;
  }
  const names = widest(manifests.map((manifest) => manifest.name));
  for (const manifest of manifests) {
    terminal.out(`${paint.bold(padded(printable(manifest.name), names))}  ${printable(manifest.summary)}\n`);
    terminal.out(`${padded('', names)}  ${paint.dim(abilities(manifest))}\n`);
  }
  return 0;
}

function abilities({ capabilities, reconfigurable, portRange }: ProviderManifest): string {
  const can = {
    route: 'routes itself',
    watch: 'tells of changes',
    logs: 'has logs',
    observeOnly: 'only observes',
  };
  const parts = capabilities.map((capability) => can[capability]);
  if (reconfigurable.length > 0) parts.push(`changes in place: ${reconfigurable.map(printable).join(', ')}`);
  if (portRange !== null) parts.push(`ports ${portRange[0]}–${portRange[1]}`);
  return parts.join(' · ');
}
