import {
  graphqlRoutes,
  type MinaGraphqlBackend,
  type MinaGraphqlOptions,
  stateHashToBase58,
} from "../../l1/index.ts";
import { createHttpServer, createMetricRegister, Readiness, silentLogger } from "../../service/index.ts";

/** A backend that knows one block and nothing else, and notes what it was asked. */
export function quietBackend(
  overrides: Partial<MinaGraphqlBackend> = {},
): MinaGraphqlBackend & { asked: string[] } {
  const asked: string[] = [];
  const noting =
    <T>(name: string, answer: T) =>
    async (): Promise<T> => {
      asked.push(name);
      return answer;
    };
  return {
    asked,
    network: () => ({
      networkId: "mina:devnet",
      chainId: "00",
      genesisTimestampMs: 0,
      slotDurationMs: 3_000,
      slotsPerEpoch: 7_140,
      finalityDepth: 290,
      accountCreationFee: 1_000_000_000n,
      coinbase: 0n,
    }),
    currentSlot: () => 7,
    account: noting("account", null),
    bestChain: noting("bestChain", [
      {
        stateHash: stateHashToBase58(1n),
        previousStateHash: stateHashToBase58(0n),
        height: 1,
        slot: 0,
        timestampMs: 0,
        totalCurrency: 0n,
        commands: [],
      },
    ]),
    transactionStatus: noting("transactionStatus", "UNKNOWN" as const),
    sendZkapp: async (command) => {
      asked.push("sendZkapp");
      return { hash: "5J", command, failures: null };
    },
    pooledZkappCommands: noting("pooledZkappCommands", []),
    events: noting("events", []),
    actions: noting("actions", []),
    ...overrides,
  };
}

/** Serves a backend on a free port while `use` runs. */
export async function withGraphql(
  options: MinaGraphqlOptions,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createHttpServer(
    { role: "test", port: 0 },
    {
      routes: graphqlRoutes(options),
      readiness: new Readiness(),
      register: createMetricRegister({ role: "test" }),
      log: silentLogger,
    },
  );
  await server.start();
  try {
    await use(server.url);
  } finally {
    await server.stop();
  }
}

export async function post(
  url: string,
  body: unknown,
): Promise<{ status: number; answer: GraphqlTestAnswer }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as GraphqlTestAnswer };
}

export interface GraphqlTestAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly error?: { readonly code: string };
}

export function codeOfAnswer({ errors, error }: GraphqlTestAnswer): string | undefined {
  return errors?.[0]?.extensions.code ?? error?.code;
}
