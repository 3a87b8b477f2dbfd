import type { L1Client } from "../../l1/index.ts";
import { type Genesis, gasDomainOf } from "../../protocol/index.ts";
import type { Clock, Logger, Route, Service } from "../../service/index.ts";
import type { AttestationKey } from "../AttestationKey.ts";
import type { SetOfEpoch } from "../SetOfEpoch.ts";
import type { SignerMetrics } from "../SignerMetrics.ts";
import { GasDesk } from "./GasDesk.ts";
import type { GasStore } from "./GasStore.ts";
import { GasWatch } from "./GasWatch.ts";
import { gasRoutes } from "./gasRoutes.ts";

/** Where locked MINA is read from. */
export interface GasSource {
  /** Our own Mina node. Whoever connected it closes it. */
  readonly l1: Pick<L1Client, "blocks" | "account" | "actions">;
  /** L1 blocks on top of one that make it final. */
  readonly depth: number;
  readonly pollIntervalMs: number;
}

export interface GasPartModules {
  readonly store: GasStore;
  readonly sets: Pick<SetOfEpoch, "current">;
  readonly key: AttestationKey;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
}

/** A signer's part in selling gas: what counts the locks, and what it answers about them. */
export interface GasPart {
  readonly watch: Service;
  readonly routes: readonly Route[];
}

/** @returns undefined where the deployment sells no gas */
export function createGasPart(
  genesis: Genesis,
  source: GasSource,
  modules: GasPartModules,
): GasPart | undefined {
  const { gas } = genesis;
  if (!gas) return undefined;
  const { store } = modules;
  const { depth, pollIntervalMs, l1 } = source;
  const domain = gasDomainOf(genesis);
  const desk = new GasDesk(domain, modules);
  return {
    watch: new GasWatch({ gas, depth, pollIntervalMs }, { ...modules, l1 }),
    routes: gasRoutes({ desk, store, domain, depth }),
  };
}
