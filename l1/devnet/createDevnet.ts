import {
  type Clock,
  createHttpServer,
  createMetricRegister,
  faultOf,
  type Logger,
  type MetricRegister,
  type OptionValues,
  openDataDirectory,
  Readiness,
  type Service,
  systemClock,
} from "../../service/index.ts";
import { graphqlRoutes } from "../graphql/graphqlRoutes.ts";
import type { DevnetSettings } from "./Devnet.ts";
import { createDevnetMetrics } from "./DevnetMetrics.ts";
import { DevnetStore } from "./DevnetStore.ts";
import type { devnetOptions } from "./devnetOptions.ts";
import { ChildProofVerifier, type ProofVerifier } from "./ProofVerifier.ts";
import { SlotLoop } from "./SlotLoop.ts";
import { faucetAccount, type TestAccount, testAccounts } from "./testAccounts.ts";

/** Nanomina: about what Mina has in all, so that tests never empty it. */
const FAUCET_BALANCE = 1_000_000_000_000_000_000n;
/** Raised with each change of what is stored. */
const STORE_SCHEMA = 1;

export type DevnetOptions = OptionValues<typeof devnetOptions> & {
  /** Where the chain is kept; held by this process alone while it runs. */
  readonly dataDirectory: string;
};

export interface DevnetRoleModules {
  readonly log: Logger;
  /** Passes the slots. HTTP goes by the machine's time in any case. */
  readonly clock?: Clock;
  readonly register?: MetricRegister;
  /** Checks proofs; not closed with the devnet. One of its own, in a process of its own, by default. */
  readonly verifier?: ProofVerifier;
}

/** A local Mina network as a process role: GraphQL, archive, slots, forced reorganisations. */
export interface DevnetRole extends Service {
  /** `http://127.0.0.1:8080`, while it runs. */
  readonly url: string;
  /** `http://127.0.0.1:8080/graphql`, for daemon and archive queries alike. */
  readonly graphqlUrl: string;
  /** The funded accounts of genesis. The same on every devnet. */
  readonly accounts: readonly TestAccount[];
}

/** Stores its arguments; `start` opens the data directory, replays the chain and listens. */
export function createDevnet(options: DevnetOptions, modules: DevnetRoleModules): DevnetRole {
  return new DevnetProcess(options, modules);
}

class DevnetProcess implements DevnetRole {
  readonly #options: DevnetOptions;
  readonly #modules: DevnetRoleModules;
  readonly #closers: (() => Promise<void>)[] = [];
  readonly accounts: readonly TestAccount[];
  #url: string | undefined;

  constructor(options: DevnetOptions, modules: DevnetRoleModules) {
    this.#options = options;
    this.#modules = modules;
    this.accounts = testAccounts(options["devnet.accounts"]);
  }

  get url(): string {
    if (this.#url === undefined) throw new TypeError("the devnet does not run");
    return this.#url;
  }
  get graphqlUrl(): string {
    return `${this.url}/graphql`;
  }

  /** @throws {DevnetError} `DEVNET_GENESIS_CHANGED`, `DEVNET_STORE_DIVERGED`; {DataDirectoryError}; {HttpError} `HTTP_LISTEN_FAILED` */
  async start(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Requests in hand first, then the slots, then the store. */
  async stop(): Promise<void> {
    this.#url = undefined;
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) await close();
  }

  async #open(): Promise<void> {
    const { log, clock = systemClock, register = createMetricRegister({ role: "devnet" }) } = this.#modules;
    const { Devnet, DevnetBackend, devnetRoutes } = await import("./devnetParts.ts");
    const path = this.#options.dataDirectory;
    const directory = await openDataDirectory({ path, role: "devnet", schema: STORE_SCHEMA });
    this.#closers.push(() => directory.close());
    const store = await DevnetStore.open(directory.file("chain"));
    this.#closers.push(() => store.close());
    const verifier = this.#modules.verifier ?? this.#ownVerifier();
    const metrics = createDevnetMetrics(register);
    const devnet = await Devnet.open(this.#settings(), { store, clock, log, metrics, verifier });
    const slots = new SlotLoop(devnet, { clock, log });
    await slots.start();
    this.#closers.push(() => slots.stop());
    const readiness = new Readiness();
    readiness.add("blocks", () => slots.fault);
    const onInternalError = (error: unknown) => log.error("query failed", faultOf(error));
    const backend = new DevnetBackend(devnet);
    const routes = [...graphqlRoutes({ backend, onInternalError }), ...devnetRoutes(devnet, this.accounts)];
    const { "devnet.host": host, "devnet.port": port } = this.#options;
    const server = createHttpServer({ role: "devnet", host, port }, { routes, readiness, register, log });
    await server.start();
    this.#closers.push(() => server.stop());
    this.#url = server.url;
  }

  #ownVerifier(): ProofVerifier {
    const verifier = new ChildProofVerifier();
    this.#closers.push(() => verifier.close());
    return verifier;
  }

  #settings(): DevnetSettings {
    const balance = this.#options["devnet.account-balance"];
    const funded = this.accounts.map(({ publicKey }) => ({ publicKey, balance }));
    return {
      slotDurationMs: this.#options["devnet.slot-duration-ms"],
      emptyBlockSlots: this.#options["devnet.empty-block-slots"],
      checkProofs: this.#options["devnet.check-proofs"],
      accounts: [{ publicKey: faucetAccount.publicKey, balance: FAUCET_BALANCE }, ...funded],
    };
  }
}
