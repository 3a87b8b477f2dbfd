import { daFeesSuite } from "./support/daFeesSuite.ts";
import { hardhatNode } from "./support/hardhatNode.ts";

daFeesSuite("Hardhat's network", hardhatNode);
