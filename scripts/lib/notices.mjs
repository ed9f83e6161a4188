import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The licences of all packages whose code is part of the bundles, as their terms ask for. */
export function thirdPartyNotices(inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${licenceText(folder)}`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  return `Heliostat's bundles contain code of the following packages.\n${line}${notices.join(line)}`;
}

function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function licenceText(folder) {
  const names = readdirSync(join(root, folder)).sort();
  const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? '' : `${readFileSync(join(root, folder, file), 'utf8').trimEnd()}\n`;
}
