/** A devnet as a process of its own, to be killed. Arguments: data directory. Prints its address and runs until then. */
import { createDevnet } from "../../l1/index.ts";
import { silentLogger } from "../../service/index.ts";

const devnet = createDevnet(
  {
    dataDirectory: process.argv[2]!,
    "devnet.host": "127.0.0.1",
    "devnet.port": 0,
    "devnet.slot-duration-ms": 50,
    "devnet.empty-block-slots": 1,
    "devnet.accounts": 2,
    "devnet.account-balance": 1_000_000_000_000n,
    "devnet.check-proofs": true,
  },
  { log: silentLogger },
);
await devnet.start();
process.stdout.write(`${devnet.graphqlUrl}\n`);
