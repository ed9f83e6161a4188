export { isRemote, parseRemote, type RemoteUrl, type Unusable } from './url.js';
export { openRemote, type OpenedRemote, type RemoteOptions, type RemoteRepository } from './open.js';
export { reachRemote, type Reached } from './reach.js';
export { RemoteError, tokenFix } from './remote.js';
export type { Credentials, CredentialSource } from './http.js';
