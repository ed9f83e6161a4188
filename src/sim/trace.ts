import { hash32 } from './random.js';

/** A running hash of everything that happened: two runs of one script are equal if theirs are. */
export class Trace {
  private a = 1;
  private b = 2;
  /** Lines, kept only where somebody wants to read them. */
  readonly lines: string[] = [];

  constructor(private readonly keep: boolean) {}

  add(line: string): void {
    this.a = hash32(line, this.a);
    this.b = hash32(line, Math.imul(this.b, 31) + 7);
    if (this.keep) this.lines.push(line);
  }

  get hash(): string {
    return this.a.toString(16).padStart(8, '0') + this.b.toString(16).padStart(8, '0');
  }
}
