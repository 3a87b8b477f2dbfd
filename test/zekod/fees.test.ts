import { daFeesSuite } from "../da/support/daFeesSuite.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";

daFeesSuite("our own chain", () => zekodNetwork(1));
