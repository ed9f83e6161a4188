import { safe } from '../../../core/base/safe-text.js';
import type { Abilities, Able } from '../../../ports/forge.js';
import type { Call } from './call.js';

type Remark = Abilities['remarks'][number];

/** Gitea does not tell the scopes of a token; what its user may do is known. */
export async function findAbilities(call: Call): Promise<Abilities> {
  const repository = (await call.ask('GET', call.repository)) as {
    readonly archived?: boolean;
    readonly permissions?: { readonly push?: boolean };
  };
  const author = await call.author();
  const isBarred = repository.archived === true || repository.permissions?.push === false;
  const able: Able = isBarred ? 'no' : 'unknown';
  const remarks: Remark[] = [];
  if (repository.archived === true) remarks.push(archived);
  else remarks.push(isBarred ? noRole : unknownScopes);
  if (author === null) remarks.push(noName);
  return {
    author,
    comments: repository.archived === true ? 'no' : 'unknown',
    statuses: able,
    deployments: 'no',
    pushes: able,
    proposals: able,
    startsChecks: author === actions ? 'no' : 'yes',
    remarks,
  };
}

/** The user of the tokens that workflows get. */
const actions = 'gitea-actions';

function remark(code: string, message: string, fix: string): Remark {
  return { code, message: safe(message), fix: safe(fix) };
}

const archived = remark('forge.archived', 'The repository is archived', 'Take it out of the archive');
const noRole = remark(
  'forge.permission',
  'The user of the token may not push to the repository',
  'Give the user the right to write',
);
const unknownScopes = remark(
  'forge.permissionsUnknown',
  'The forge does not tell the scopes of a token',
  'Compare them with docs/guides/forge.md: write:repository, write:issue, read:user',
);
const noName = remark(
  'forge.permission',
  'The token may not say whose it is, so our comment is found only after it was written once more',
  'Give the token the scope read:user',
);
