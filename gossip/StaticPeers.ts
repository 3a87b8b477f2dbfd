import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { type Clock, faultOf, type Logger } from "../service/index.ts";
import type { Network } from "./createNetwork.ts";
import { GossipError } from "./GossipError.ts";

/** Keeps connections with configured peers: dials whoever is not connected, again and again. */
export class StaticPeers {
  readonly #addresses: readonly Multiaddr[];
  readonly #reconnectMs: number;
  readonly #modules: { readonly clock: Clock; readonly log: Logger };
  readonly #stopped = new AbortController();
  /** Who answered at an address last time. */
  readonly #known = new Map<string, string>();
  #loop: Promise<void> = Promise.resolve();

  /** @throws {GossipError} `GOSSIP_ADDRESS` */
  constructor(
    options: { readonly addresses: readonly string[]; readonly reconnectMs: number },
    modules: { readonly clock: Clock; readonly log: Logger },
  ) {
    this.#addresses = options.addresses.map(parseAddress);
    this.#reconnectMs = options.reconnectMs;
    this.#modules = modules;
  }

  start(network: Network): void {
    this.#loop = this.#modules.clock.every(this.#reconnectMs, this.#stopped.signal, async () => {
      await Promise.all(this.#addresses.map((address) => this.#connect(network, address)));
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #connect(network: Network, address: Multiaddr): Promise<void> {
    const name = address.toString();
    const known = this.#known.get(name);
    if (known && network.getPeers().some((peer) => peer.toString() === known)) return;
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(10_000)]);
      const { remotePeer } = await network.dial(address, { signal });
      this.#known.set(name, remotePeer.toString());
    } catch (error) {
      if (!this.#stopped.signal.aborted)
        this.#modules.log.debug("peer not reached", { address: name, ...faultOf(error) });
    }
  }
}

function parseAddress(address: string): Multiaddr {
  try {
    const parsed = multiaddr(address);
    if (/^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+(\/p2p\/\w+)?$/.test(address)) return parsed;
  } catch {
    // Falls through.
  }
  throw new GossipError("GOSSIP_ADDRESS", { address });
}
