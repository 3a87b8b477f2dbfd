import { readFile } from "node:fs/promises";
import { type Attestation, type Rotation, rotationFromJson, rotationToJson } from "../../protocol/index.ts";
import { writeFileDurably } from "../../service/index.ts";
import { ValidatorError } from "./ValidatorError.ts";

/** A JSON file. @throws {ValidatorError} `VALIDATOR_FILE_UNREADABLE` */
export async function readJson(file: string): Promise<unknown> {
  const unreadable = (reason: string, cause: unknown) =>
    new ValidatorError("VALIDATOR_FILE_UNREADABLE", { file, reason }, { cause });
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code ?? cause.name, cause);
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("not JSON", cause);
  }
}

/** A proposal with its signatures so far. @throws {ValidatorError}; {RotationError} `ROTATION_MALFORMED` */
export async function readRotation(file: string): Promise<Rotation> {
  return rotationFromJson(await readJson(file));
}

export async function writeRotation(file: string, rotation: Rotation): Promise<void> {
  await writeFileDurably(file, `${JSON.stringify(rotationToJson(rotation), null, 2)}\n`);
}

/** Copies of one proposal, each with signatures of its own. @throws as {@link readRotation}, `VALIDATOR_FILES_DIFFER` */
export async function mergedRotation(files: readonly string[]): Promise<Rotation> {
  const [first, ...others] = await Promise.all(files.map(readRotation));
  let { approvals, possessions } = first!;
  for (const [i, other] of others.entries()) {
    if (unsigned(other) !== unsigned(first!))
      throw new ValidatorError("VALIDATOR_FILES_DIFFER", { file: files[i + 1]! });
    approvals = other.approvals.reduce(withVote, approvals);
    possessions = other.possessions.reduce(withVote, possessions);
  }
  return { ...first!, approvals, possessions };
}

/** Votes with one more, by rising slot; a slot that has voted already keeps its place and gets the newer vote. */
export function withVote(votes: readonly Attestation[], vote: Attestation): readonly Attestation[] {
  return [...votes.filter(({ slot }) => slot !== vote.slot), vote].sort((a, b) => a.slot - b.slot);
}

function unsigned(rotation: Rotation): string {
  return JSON.stringify(rotationToJson({ ...rotation, approvals: [], possessions: [] }));
}
