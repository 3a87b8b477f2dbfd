export interface Step {
  readonly title: string;
  readonly command: readonly string[];
}
export const tasks: Readonly<
  Record<string, { readonly about: string; readonly steps: (args: readonly string[]) => readonly Step[] }>
>;
