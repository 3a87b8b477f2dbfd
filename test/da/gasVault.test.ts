import { gasVaultSuite } from "./support/gasVaultSuite.ts";
import { hardhatNode } from "./support/hardhatNode.ts";

gasVaultSuite("Hardhat's network", hardhatNode, false);
