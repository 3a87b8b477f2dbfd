/** What slither reports, of one kind and in one place. */
export interface Finding {
  /** Slither's name for it, such as `reentrancy-eth`. */
  readonly check: string;
  /** `Contract.function(types)`, `Contract.variable`, or what else it is about. */
  readonly where: string;
  /** How many there are of it in this place. */
  readonly count: number;
}

/** A finding that stays, and why it does no harm. */
export interface ExplainedFinding extends Finding {
  readonly why: string;
}

interface SlitherElement {
  readonly name: string;
  readonly type_specific_fields?: {
    readonly signature?: string;
    readonly parent?: {
      readonly name: string;
      readonly type_specific_fields?: SlitherElement["type_specific_fields"];
    };
  };
}

interface SlitherReport {
  readonly success: boolean;
  readonly error: string | null;
  readonly results: {
    readonly detectors?: readonly { check: string; elements: readonly SlitherElement[] }[];
  };
}

/** By kind and place, without line numbers: those move with every change. @throws {Error} when slither failed */
export function findingsOf(report: SlitherReport): Finding[] {
  if (!report.success) throw new Error(`slither failed: ${report.error}`);
  const counts = new Map<string, Finding>();
  for (const { check, elements } of report.results.detectors ?? []) {
    const where = elements[0] ? placeOf(elements[0]) : "";
    const key = `${check} ${where}`;
    counts.set(key, { check, where, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => compare(a.check, b.check) || compare(a.where, b.where));
}

function placeOf({ name, type_specific_fields: fields }: SlitherElement): string {
  const own = fields?.signature ?? name;
  const parent = fields?.parent;
  if (!parent) return own;
  const grandparent = parent.type_specific_fields?.parent?.name;
  return `${grandparent ? `${grandparent}.` : ""}${parent.name}.${own}`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Findings that nobody has explained, and explanations of what is no longer there. Both must be none. */
export function unexplained(
  found: readonly Finding[],
  explained: readonly ExplainedFinding[],
): { readonly fresh: Finding[]; readonly stale: ExplainedFinding[] } {
  const same = (a: Finding) => (b: Finding) =>
    a.check === b.check && a.where === b.where && a.count === b.count;
  return {
    fresh: found.filter((finding) => !explained.some(same(finding))),
    stale: explained.filter((finding) => !found.some(same(finding))),
  };
}
