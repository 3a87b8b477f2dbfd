import type { Bench } from "../../scripts/bench/loadBenches.ts";

/** Execution gas by `gasleft` differences, without calldata and storage. It depends on the code alone, not on the machine. */
export const benches: readonly Bench[] = [
  {
    name: "gas",
    async *run() {
      const { certificateGas, signatureGas } = await import("../../scripts/contracts/measureGas.ts");
      yield { name: "gas.signature", value: await signatureGas(), unit: "gas" };
      for (const [quorum, value] of Object.entries(await certificateGas()))
        yield { name: `gas.certificate.${quorum}`, value, unit: "gas" };
    },
  },
];
