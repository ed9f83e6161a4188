// What some tests need beyond Node and this repository: the one list of it, read by the tests (test/support/needs.ts),
// by the last lines of `npm test`, and by .ci/run (`node scripts/optional-tools.mjs --packages`).
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const optionalTools = {
  git: {
    commands: ['git'],
    debianPackage: 'git',
    usedFor: 'linked work trees, bulk reads, clones of real repositories',
  },
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debianPackage: 'chromium',
    usedFor: 'what a person sees of the pages in a browser',
  },
  faketime: {
    commands: ['faketime'],
    debianPackage: 'faketime',
    usedFor: 'a clock that is set back and forward',
  },
};

/** The path of a tool's command, or undefined if it is not installed. */
export function pathOfTool(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const command of optionalTools[name].commands) {
    for (const folder of folders) if (isExecutable(join(folder, command))) return join(folder, command);
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = Object.keys(optionalTools).filter((name) => pathOfTool(name) === undefined);
  const wanted = process.argv.includes('--packages') ? missing : Object.keys(optionalTools);
  for (const name of wanted) console.log(optionalTools[name].debianPackage);
}
