import type { Revision } from '../../core/base/names.js';
import { claimPath, readClaim } from '../../core/status/claim.js';
import { readFile } from '../../engine/at-commit.js';
import { statusRef } from '../../engine/status-branch.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';

/** The tip of the branch that the controller follows. @throws {Failure} where there is no commit yet. */
export async function tipOf(location: Location): Promise<Revision> {
  const { repository, config } = location;
  const head = await repository.refs.head();
  // Recorded with the claim: a checkout never moves it.
  const claimed = config.branch ?? (await claimedBranch(location));
  const ref = claimed === null ? head.branch : `refs/heads/${claimed}`;
  const tip = ref === null ? head.oid : await repository.refs.read(ref);
  if (tip === null && claimed !== null)
    throw new Failure(
      'branch.empty',
      `the tracked branch ${claimed} is not there`,
      `Restore it: git branch ${claimed} COMMIT. Or name another one in heliostat.config.yaml: branch: NAME`,
    );
  if (tip === null)
    throw new Failure(
      'branch.empty',
      'there is no commit yet',
      'Commit the model: git add --all && git commit -m "First model"',
    );
  return tip as Revision;
}

async function claimedBranch({ repository, domain }: Location): Promise<string | null> {
  const tip = await repository.refs.read(statusRef);
  const text = tip === null ? null : await readFile(repository.source, tip, claimPath(domain));
  const reading = text === null ? null : readClaim(text);
  return reading?.kind === 'claim' ? reading.claim.branch : null;
}
