import { Relay, type RelayModules, type RelayOptions } from "./Relay.ts";

/** Makes a relay that holds nothing yet; `start` opens its data directory and listens. */
export function createRelay(options: RelayOptions, modules: RelayModules): Relay {
  return new Relay(options, modules);
}
