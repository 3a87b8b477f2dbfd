import { daClientSuite } from "../da/support/daClientSuite.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";

daClientSuite("four nodes of our own chain", () => zekodNetwork(4));
