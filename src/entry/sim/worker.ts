import type { MessagePort } from 'node:worker_threads';
import { Labour } from './labour.js';
import type { Answer, Job } from './messages.js';

/** Does what it is told, in this thread. */
export function serve(port: MessagePort, shared: SharedArrayBuffer): void {
  const pulse = new Int32Array(shared);
  const labour = new Labour((doing) => {
    Atomics.store(pulse, 1, doing | 0);
    Atomics.add(pulse, 0, 1);
  });
  port.on('message', (job: Job) => {
    void labour.do(job).then(
      (answer) => port.postMessage(answer),
      (error: unknown) => port.postMessage(broken(error)),
    );
  });
}

function broken(error: unknown): Answer {
  return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
