import { errorClass } from "../../protocol/index.ts";

/** Where an option's value came from, in words. */
type Place = { readonly option: string; readonly place: string };

/** What can be wrong with a command line, an environment or a configuration file. Values are never repeated: they may be secrets. */
export const configFaults = {
  CONFIG_UNKNOWN_COMMAND: {
    remedy: "final",
    message: ({ command }: { command: string }) => `There is no command "${command}".`,
    advice: 'Run "zeko help" for the list of commands.',
  },
  CONFIG_UNKNOWN_FLAG: {
    remedy: "final",
    message: ({ flag }: { flag: string }) => `There is no flag "${flag}".`,
    advice: 'Run the command with "--help" for the list of its flags.',
  },
  CONFIG_UNKNOWN_KEY: {
    remedy: "final",
    message: ({ key, file }: { key: string; file: string }) => `There is no option "${key}" (in ${file}).`,
    advice: "Correct or remove the key. docs/configuration.md lists every option.",
  },
  CONFIG_UNKNOWN_ENVIRONMENT: {
    remedy: "final",
    message: ({ name }: { name: string }) => `No option reads the environment variable ${name}.`,
    advice:
      "Correct or unset the variable. Names that begin with ZEKO_ are all listed in docs/configuration.md.",
  },
  CONFIG_BAD_VALUE: {
    remedy: "final",
    message: ({ option, place, expected }: Place & { expected: string }) =>
      `Option "${option}" (${place}) must be ${expected}.`,
    advice: "Correct the value. docs/configuration.md gives each option's type and bounds.",
  },
  CONFIG_MISSING: {
    remedy: "final",
    message: ({ option, env }: { option: string; env: string }) =>
      `Option "${option}" has no value: give --${option}, ${env} or a key in the configuration file.`,
    advice: "Give the option a value; it has no default.",
  },
  CONFIG_REPEATED: {
    remedy: "final",
    message: ({ option, place }: Place) => `Option "${option}" (${place}) is given more than once.`,
    advice: "Give it once. Only lists may be repeated.",
  },
  CONFIG_NO_VALUE: {
    remedy: "final",
    message: ({ flag }: { flag: string }) => `Flag "${flag}" needs a value.`,
    advice: 'Write "--name value" or "--name=value".',
  },
  CONFIG_SECRET_ON_COMMAND_LINE: {
    remedy: "final",
    message: ({ option, env }: { option: string; env: string }) =>
      `Option "${option}" is a secret and cannot be a flag: other users see command lines. Use ${env} or the file.`,
    advice: "Move the secret to the environment or to a configuration file that only its owner can read.",
  },
  CONFIG_UNEXPECTED_ARGUMENT: {
    remedy: "final",
    message: ({ count, expected }: { count: number; expected: string }) =>
      `${count} argument${count === 1 ? "" : "s"} given, expected ${expected}.`,
    advice: 'Run the command with "--help" for what it takes.',
  },
  CONFIG_FILE_UNREADABLE: {
    remedy: "final",
    message: ({ file, reason }: { file: string; reason: string }) =>
      `Cannot read the file ${file} (${reason}).`,
    advice: "Check the path and its permissions.",
  },
  CONFIG_FILE_NOT_JSON: {
    remedy: "final",
    message: ({ file }: { file: string }) => `The configuration file ${file} is not a JSON object.`,
    advice:
      'Write one JSON object whose keys are option names. "zeko config dump <role>" prints one to start from.',
  },
  CONFIG_FILE_OPEN: {
    remedy: "final",
    message: ({ file, mode }: { file: string; mode: string }) =>
      `The file ${file} holds a secret and others may read it (mode ${mode}).`,
    advice: "chmod 600 the file.",
  },
} as const;

/** A command line, environment or file that cannot be accepted. Ends a process with exit code 2. */
export class ConfigError extends errorClass("ConfigError", configFaults) {}
