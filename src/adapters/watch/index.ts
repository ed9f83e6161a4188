export { createPoll, type PollOptions } from './poll.js';
export { createWatcher, type Watcher, type WatcherOptions } from './watcher.js';
