import { gasRecipient } from "../../protocol/index.ts";
import { exitCodes, systemClock } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { readGenesis } from "../roles/readGenesis.ts";
import { GasCliError } from "./GasCliError.ts";
import { gasOptions } from "./gasOptions.ts";
import { nanominaToMina } from "./mina.ts";
import { type GasDesk, type GasPayment, openGasDesk } from "./openGasDesk.ts";

/** `zeko gas claim`: has a recipient paid what validators certify for it; goes on with an interrupted deposit. */
export const gasClaim = loadedCommand(gasOptions, async ({ values }, io) => {
  const genesis = await readGenesis(values.genesis);
  const desk = await openGasDesk(values, genesis, io);
  try {
    const recipient = gasRecipient(values["gas.recipient"]);
    const payment = await claimUntil({
      desk,
      recipient,
      least: 1n,
      waitMs: values["gas.wait-ms"],
      pollMs: values["gas.poll-ms"],
    });
    io.out(`${paymentText(payment)}\n`);
  } finally {
    desk.close();
  }
  return exitCodes.ok;
});

export interface ClaimRequest {
  readonly desk: GasDesk;
  readonly recipient: bigint;
  /** Certified nanomina at which we are done. */
  readonly least: bigint;
  readonly waitMs: number;
  readonly pollMs: number;
  /** Looked after between two tries. */
  readonly onWait?: () => Promise<void>;
}

/** Tries until at least so much is certified. @throws {GasCliError} `GAS_WAIT_OVER`, and whatever a try throws that time does not heal */
export async function claimUntil({
  desk,
  recipient,
  least,
  waitMs,
  pollMs,
  onWait,
}: ClaimRequest): Promise<GasPayment> {
  const began = systemClock.now();
  for (;;) {
    const payment = await desk.claim(recipient);
    if (payment && payment.certified >= least) return payment;
    if (systemClock.now() - began >= waitMs) throw new GasCliError("GAS_WAIT_OVER", { waitedMs: waitMs });
    await onWait?.();
    await systemClock.sleep(pollMs);
  }
}

/** What a recipient has been given, and what it still waits for. */
export function paymentText({ certified, paid, held }: GasPayment): string {
  const waits = certified - paid;
  return [
    `paid out in all: gas for ${nanominaToMina(paid)} MINA`,
    ...(waits > 0n ? [`gas for ${nanominaToMina(waits)} MINA waits for the vault's next period`] : []),
    ...(held > 0n ? [`${held} units are held in the vault: the recipient did not take them`] : []),
  ].join("\n");
}
