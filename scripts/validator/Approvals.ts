import { readFile } from "node:fs/promises";
import { z } from "zod";
import { fieldToHex } from "../../gossip/index.ts";
import { writeFileDurably } from "../../service/index.ts";
import { ValidatorError } from "./ValidatorError.ts";

const schema = z.record(z.string().regex(/^[0-9]+$/), z.string().regex(/^0x[0-9a-f]{64}$/));

/** Which next set this validator has approved for which epoch, in a file beside its key. */
export class Approvals {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Writes an approval down before it is signed. The same next set may be approved again, with another state or end.
   * @throws {ValidatorError} `VALIDATOR_SECOND_PROPOSAL`, `VALIDATOR_FILE_UNREADABLE`
   */
  async note(epoch: bigint, next: bigint, replace: boolean): Promise<void> {
    const noted = await this.#read();
    const before = noted[epoch.toString()];
    const set = fieldToHex(next);
    if (before === set) return;
    if (before !== undefined && !replace) throw new ValidatorError("VALIDATOR_SECOND_PROPOSAL", { epoch });
    await writeFileDurably(this.#file, `${JSON.stringify({ ...noted, [epoch.toString()]: set }, null, 2)}\n`);
  }

  async #read(): Promise<Record<string, string>> {
    const file = this.#file;
    try {
      return schema.parse(JSON.parse(await readFile(file, "utf8")));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw new ValidatorError(
        "VALIDATOR_FILE_UNREADABLE",
        { file, reason: "not a list of approvals" },
        { cause },
      );
    }
  }
}
