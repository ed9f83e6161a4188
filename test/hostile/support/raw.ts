import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** Says this, reads what comes, and gives it when the other side ends, or after a while. Never fails. */
export function say(to: NetConnectOpts, text: string | Uint8Array, waitMs = 1_000): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(to);
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(heard);
    };
    const timer = setTimeout(end, waitMs);
    socket.setEncoding('latin1').on('data', (data: string) => (heard += data));
    socket.on('error', end).on('close', end);
    socket.write(text);
  });
}

/** Connections that say a beginning and then nothing more; the caller lets go of them. */
export function dangle(to: NetConnectOpts, count: number, beginning: string): { letGo(): void } {
  const sockets: Socket[] = Array.from({ length: count }, () => {
    const socket = connect(to);
    socket.on('error', () => undefined);
    socket.write(beginning);
    return socket;
  });
  return { letGo: () => sockets.forEach((socket) => socket.destroy()) };
}
