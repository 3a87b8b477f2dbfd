import type { OptionGroup } from "../../service/index.ts";

type DataDirectoryOption = { readonly type: "path"; readonly default: string; readonly description: string };
type DrainOption = {
  readonly type: "integer";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly description: string;
};

/** Options of every role that runs as a process, under the role's own name so that roles can share a file. */
export type RoleOptions<Role extends string> = {
  readonly [Name in `${Role}.data-dir`]: DataDirectoryOption;
} & {
  readonly [Name in `${Role}.drain-ms`]: DrainOption;
};

export function roleOptions<const Role extends string>(role: Role): RoleOptions<Role> {
  const options = {
    [`${role}.data-dir`]: {
      type: "path",
      default: `.zeko/${role}`,
      description: "Directory (0700) that holds all that the role must not forget; one process at a time",
    },
    [`${role}.drain-ms`]: {
      type: "integer",
      default: 20_000,
      min: 0,
      max: 600_000,
      description: "Time from SIGTERM to the end, in milliseconds",
    },
  } as const satisfies OptionGroup;
  return options as unknown as RoleOptions<Role>; // computed names are just strings to the compiler
}
