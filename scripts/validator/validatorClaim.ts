import { formatEther } from "ethers";
import { type BatchId, connectDaClient, type Hex } from "../../da/index.ts";
import { type Attestation, type PublicKey, signFields } from "../../protocol/index.ts";
import { askSigner } from "../../relay/index.ts";
import { exitCodes, type OptionGroup, systemClock } from "../../service/index.ts";
import { type CliIo, loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { openKeys } from "../roles/openKeys.ts";
import { daAddressesOf, readGenesis } from "../roles/readGenesis.ts";
import {
  type ClaimModules,
  claimFees,
  type FeeStanding,
  feeStandings,
  type UncertifiedFee,
  uncertifiedFees,
} from "./claimFees.ts";

/** Options of `zeko validator claim`. */
export const validatorClaimOptions = {
  "validator.key-file": {
    type: "path",
    required: true,
    description: "Encrypted Mina key of the validator",
  },
  "validator.da-key-file": {
    type: "path",
    required: true,
    description: "Keystore of the account on the DA chain that pays for the transactions",
  },
  "validator.da-url": {
    type: "url",
    required: true,
    description: "JSON-RPC endpoint of a DA chain node",
  },
  "validator.payout": {
    type: "string",
    pattern: /^0x[0-9a-fA-F]{40}$/,
    description:
      "Address that gets the fees; where it is not given, the one named before, or else the account that pays",
  },
  "validator.signer-url": {
    type: "url",
    description:
      "The validator's signer: its signatures join certificates that left it out, while there is time",
  },
  "validator.from-block": {
    type: "integer",
    default: 0,
    min: 0,
    description: "Block of the DA chain from which on certificates and sealed batches are looked for",
  },
  "validator.show": {
    type: "boolean",
    default: false,
    description: "Show what is due, and send nothing",
  },
  ...deploymentOptions,
} as const satisfies OptionGroup;

/** `zeko validator claim` */
export const validatorClaim = loadedCommand(validatorClaimOptions, async ({ values }, io) => {
  const genesis = await readGenesis(values.genesis);
  const opener = openKeys(values, io);
  const key = await opener.mina(values["validator.key-file"]);
  const account = await opener.da(values["validator.da-key-file"]);
  const da = await connectDaClient(
    { url: values["validator.da-url"], addresses: daAddressesOf(genesis), key: account },
    { clock: systemClock },
  );
  try {
    const fees = await da.fees();
    const validator = key.publicKey;
    const options = {
      validator,
      from: values["validator.from-block"],
      payout: values["validator.payout"] as Hex | undefined,
    };
    if (values["validator.show"]) {
      showStandings(await feeStandings(options, { da, fees }), io);
      showUncertified(await uncertifiedFees(options.from, { da, fees }), io);
      const { due, payout } = await fees.accountOf(validator);
      io.out(`due ${formatEther(due)}, payout address ${payout ?? "not named"}\n`);
      return exitCodes.ok;
    }
    const signer = values["validator.signer-url"];
    const modules: ClaimModules = {
      da,
      fees,
      sign: (message) => signFields(key.privateKey.reveal(), [message]),
      ...(signer === undefined ? {} : { attestation: attestationsOf(signer, validator) }),
    };
    const result = await claimFees(options, modules);
    if (result.joined.length > 0) io.out(`certificates joined: ${result.joined.length}\n`);
    if (result.settled.length > 0) io.out(`batches settled: ${result.settled.length}\n`);
    io.out(
      result.transaction
        ? `paid ${formatEther(result.paid)} to ${result.payout} in ${result.transaction}\n`
        : "nothing is due\n",
    );
    showUncertified(await uncertifiedFees(options.from, { da, fees }), io);
    return exitCodes.ok;
  } finally {
    da.close();
  }
});

/** Asks the validator's own signer. It signs nothing here: what it has not checked, it does not attest to. */
function attestationsOf(url: string, key: PublicKey): NonNullable<ClaimModules["attestation"]> {
  return async (batch: BatchId, epoch: bigint): Promise<Attestation | undefined> => {
    const answer = await askSigner({ key, url }, batch, epoch, AbortSignal.timeout(10_000));
    if (answer.kind !== "attestation") return undefined;
    const { slot, signature } = answer.attestation;
    return { slot, signature };
  };
}

function showStandings(standings: readonly FeeStanding[], io: CliIo): void {
  for (const { batch, share, counted, ready, closesAt } of standings) {
    const until = new Date(closesAt * 1_000).toISOString();
    const state = ready ? (counted ? "ready" : "missed") : `open until ${until}`;
    const part = counted ? formatEther(share) : `${formatEther(share)} if joined`;
    io.out(`${batch} ${part}, ${ready && !counted ? "missed" : state}\n`);
  }
}

/** What is lost to all that signed unless somebody brings a certificate. */
function showUncertified(found: readonly UncertifiedFee[], io: CliIo): void {
  for (const { batch, amount, sealedIn, returnsAt } of found) {
    const until =
      returnsAt === undefined
        ? "nobody has asked for it back"
        : `goes back from ${new Date(returnsAt * 1_000).toISOString()}`;
    io.out(`${batch} ${formatEther(amount)} not certified, sealed in block ${sealedIn}, ${until}\n`);
  }
}
