import { daClientSuite } from "./support/daClientSuite.ts";
import { hardhatNode } from "./support/hardhatNode.ts";

daClientSuite("Hardhat's network", hardhatNode);
