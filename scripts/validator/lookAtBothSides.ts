import { connectDaReader } from "../../da/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import { type OptionValues, systemClock } from "../../service/index.ts";
import { daAddressesOf, readGenesis } from "../roles/readGenesis.ts";
import { type BothSides, type BothSidesModules, readBothSides } from "./readBothSides.ts";
import type { bothSidesOptions } from "./validatorOptions.ts";

/** Reads both sides once, and closes the connection. @throws as {@link readBothSides} */
export async function lookAtBothSides(
  values: OptionValues<typeof bothSidesOptions> & { readonly genesis: string },
): Promise<Pick<BothSidesModules, "genesis"> & { readonly sides: BothSides }> {
  const genesis = await readGenesis(values.genesis);
  const da = await connectDaReader(
    { url: values["validator.da-url"], addresses: daAddressesOf(genesis) },
    { clock: systemClock },
  );
  try {
    const l1 = new GraphqlL1Client({ mina: values["validator.l1-url"] });
    return { genesis, sides: await readBothSides({ genesis, l1, da }) };
  } finally {
    da.close();
  }
}
