import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { DaReader } from "../../../da/index.ts";
import type { Genesis } from "../../../protocol/index.ts";
import {
  createMemoryLogger,
  minaKeyPairFromBase58,
  requestBytes,
  requestJson,
  Secret,
} from "../../../service/index.ts";
import {
  attestationKey,
  createSigner,
  type SignerModules,
  type SignerOptions,
} from "../../../signer/index.ts";
import { testSignerOptions } from "./testSignerOptions.ts";

export interface StartSigner {
  readonly genesis: Genesis;
  readonly da: DaReader;
  /** Of its own where it is not given; the caller then removes it. */
  readonly directory?: string;
  readonly privateKey: string;
  readonly peers?: readonly string[];
  readonly modules?: Partial<SignerModules>;
  readonly options?: Partial<SignerOptions>;
}

/** A running signer, stopped after the tests; `get` asks its HTTP server. */
export async function startSigner({
  genesis,
  da,
  privateKey,
  peers,
  modules,
  options,
  ...rest
}: StartSigner) {
  const directory = rest.directory ?? mkdtempSync(join(tmpdir(), "zeko-signer-"));
  const log = createMemoryLogger();
  const key = attestationKey(minaKeyPairFromBase58(new Secret(privateKey)));
  const settings = { ...testSignerOptions(genesis, directory, peers), ...options };
  const signer = createSigner(settings, { da, key, log, ...modules });
  await signer.start();
  after(async () => {
    await signer.stop();
    if (!rest.directory) rmSync(directory, { recursive: true, force: true });
  });
  const get = async (path: string) =>
    (await requestJson({ url: `${signer.url}${path}` })) as Record<string, unknown>;
  const data = (id: string) =>
    requestBytes({ url: `${signer.url}/v1/batches/${id}/data`, maxBytes: 1 << 24 });
  return { signer, log, get, data };
}

/** Asks again until the answer is right; `node --test` gives up on what never comes. */
export async function until<T>(look: () => Promise<T> | T, isIt: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isIt(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
