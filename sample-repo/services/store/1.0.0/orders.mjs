// All orders, as lines of one file that is only ever appended to. What others append is read before each answer, so
// that two stores can work on one folder side by side, as they do for a moment during an upgrade.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const keptInFull = 100;

export class Orders {
  #file;
  #read = 0;
  #ids = new Set();
  #latest = [];
  #totals = { orders: 0, pieces: 0, cents: 0 };

  constructor(folder) {
    this.#file = openSync(join(folder, 'orders.jsonl'), 'a+');
    this.#catchUp();
  }

  /** Newest first. */
  latest(limit) {
    this.#catchUp();
    return this.#latest.slice(0, limit);
  }

  totals() {
    this.#catchUp();
    return { ...this.#totals };
  }

  /** False if there is an order with that id already: then nothing was added. */
  add(order) {
    this.#catchUp();
    if (this.#ids.has(order.id)) return false;
    writeSync(this.#file, `${JSON.stringify(order)}\n`);
    this.#catchUp();
    return true;
  }

  close() {
    closeSync(this.#file);
  }

  #catchUp() {
    const { size } = fstatSync(this.#file);
    if (size === this.#read) return;
    const bytes = Buffer.alloc(size - this.#read);
    const text = bytes.subarray(0, readSync(this.#file, bytes, 0, bytes.length, this.#read));
    const whole = text.lastIndexOf('\n') + 1;
    this.#read += whole;
    for (const line of text.subarray(0, whole).toString('utf8').split('\n')) this.#take(line);
  }

  #take(line) {
    let order;
    try {
      order = JSON.parse(line);
    } catch {
      return; // the empty text after the last line end, or a line that a crash cut short
    }
    if (this.#ids.has(order.id)) return;
    this.#ids.add(order.id);
    this.#latest.unshift(order);
    this.#latest.length = Math.min(this.#latest.length, keptInFull);
    this.#totals.orders += 1;
    this.#totals.pieces += order.quantity;
    this.#totals.cents += order.quantity * order.cents;
  }
}
