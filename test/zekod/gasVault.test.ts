import { gasVaultSuite } from "../da/support/gasVaultSuite.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";

gasVaultSuite("a node of our own chain, whose genesis gave it its coins", () => zekodNetwork(1), true);
