/** What `heliostat explain CODE` and the reference say of a code. */
export interface CodeDescription {
  /** One line, without a full stop. */
  readonly title: string;
  /** What is wrong, or what waits, and why it matters. */
  readonly meaning: string;
  /** How to mend or release it, in the imperative. */
  readonly fix: string;
  /** What shows it: YAML or a command. Null where neither would. */
  readonly example: string | null;
}

/** A table of codes of one area, `area.kind`, in any order: whoever shows them sorts them. */
export type CodeTable = Readonly<Record<string, CodeDescription>>;
