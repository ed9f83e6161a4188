// What githubForge loads with its first call.
export { findAbilities } from './abilities.js';
export { readComment, writeOurComment } from './comments.js';
export { writeOurDeployment } from './deployments.js';
export { writeProposal } from './proposals.js';
export { findPullRequestsOf, readPullRequest } from './pull-requests.js';
export { openSession } from './session.js';
export { writeOurStatus } from './statuses.js';
