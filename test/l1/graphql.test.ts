import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { getIntrospectionQuery } from "graphql";
import { createMinaGraphql, DEFAULT_TOKEN, DevnetError, testAccounts } from "../../l1/index.ts";
import { codeOfAnswer, post, quietBackend, withGraphql } from "./graphqlServer.ts";
import { transferCommand } from "./transferCommand.ts";

const [alice, bob] = testAccounts(2) as [{ publicKey: string; privateKey: string }, { publicKey: string }];
const account = (publicKey: string, fields = "nonce") =>
  `{ account(publicKey: "${publicKey}") { ${fields} } }`;
const inlined = (command: object) => JSON.stringify(command).replace(/"([A-Za-z]+)":/g, "$1:");
const send = (command: object, fields = "hash") =>
  `mutation { sendZkapp(input: { zkappCommand: ${inlined(command)} }) { zkapp { ${fields} } } }`;

describe("Mina's GraphQL schema", () => {
  it("answers introspection", () =>
    withGraphql({ backend: quietBackend() }, async (url) => {
      const { answer } = await post(`${url}/graphql`, { query: getIntrospectionQuery() });
      assert.ok((answer.data as { __schema: object }).__schema);
    }));

  it("serves the same at the versioned path", () =>
    withGraphql({ backend: quietBackend() }, async (url) => {
      const { answer } = await post(`${url}/v1/graphql`, { query: "{ networkID syncStatus }" });
      assert.deepEqual(answer.data, { networkID: "mina:devnet", syncStatus: "SYNCED" });
    }));

  it("takes aliases, fragments, variables and operation names", () =>
    withGraphql({ backend: quietBackend() }, async (url) => {
      const query = `
        query Other { networkID }
        query Wanted($key: PublicKey!, $token: TokenId) { mine: account(publicKey: $key, token: $token) { ...A } net: networkID }
        fragment A on Account { nonce balance { total } }`;
      const variables = { key: alice.publicKey, token: DEFAULT_TOKEN };
      const { answer } = await post(`${url}/graphql`, { query, variables, operationName: "Wanted" });
      assert.deepEqual(answer, { data: { mine: null, net: "mina:devnet" } });
    }));

  it("answers null for an account that does not exist, without an error", () =>
    withGraphql({ backend: quietBackend() }, async (url) => {
      const { answer } = await post(`${url}/graphql`, { query: account(bob.publicKey) });
      assert.deepEqual(answer, { data: { account: null } });
    }));

  it("writes out a waiting command only for who asks for it", async () => {
    const command = transferCommand({ from: alice, to: bob.publicKey, amount: 5n, nonce: 0 });
    let written = 0;
    const sent = {
      hash: "5J",
      get command() {
        written++;
        return command;
      },
      failures: null,
    };
    const backend = quietBackend({ pooledZkappCommands: async () => [sent] });
    await withGraphql({ backend }, async (url) => {
      await post(`${url}/graphql`, {
        query: "{ a: pooledZkappCommands { hash } b: pooledZkappCommands { id } }",
      });
      assert.equal(written, 0);
      const query = "{ pooledZkappCommands { zkappCommand { memo } } }";
      const { answer } = await post(`${url}/graphql`, { query });
      assert.deepEqual(answer.data, { pooledZkappCommands: [{ zkappCommand: { memo: command.memo } }] });
      assert.equal(written, 1);
    });
  });

  it("hands over a command inlined as o1js does, and one in a variable, as the same", async () => {
    const command = transferCommand({ from: alice, to: bob.publicKey, amount: 5n, nonce: 0 });
    const taken: unknown[] = [];
    const backend = quietBackend({
      sendZkapp: async (received) => {
        taken.push(received);
        return { hash: "5J", command: received, failures: null };
      },
    });
    await withGraphql({ backend }, async (url) => {
      await post(`${url}/graphql`, { query: send(command) });
      const query = "mutation($input: SendZkappInput!) { sendZkapp(input: $input) { zkapp { id } } }";
      await post(`${url}/graphql`, { query, variables: { input: { zkappCommand: command } } });
    });
    assert.deepEqual(JSON.parse(JSON.stringify(taken)), [command, command]);
  });

  it("lists failures last update first, as a daemon does", () =>
    withGraphql(
      {
        backend: quietBackend({
          sendZkapp: async (command) => ({
            hash: "5J",
            command,
            failures: [
              { index: 0, failures: ["Cancelled"] },
              { index: 1, failures: ["Overflow"] },
            ],
          }),
        }),
      },
      async (url) => {
        const command = transferCommand({ from: alice, to: bob.publicKey, amount: 5n, nonce: 0 });
        const { answer } = await post(`${url}/graphql`, {
          query: send(command, "failureReason { index failures }"),
        });
        assert.deepEqual(answer.data, {
          sendZkapp: {
            zkapp: {
              failureReason: [
                { index: "1", failures: ["Overflow"] },
                { index: "0", failures: ["Cancelled"] },
              ],
            },
          },
        });
      },
    ));

  it("passes on the code of a backend's refusal", () =>
    withGraphql(
      {
        backend: quietBackend({
          account: async () => {
            throw new DevnetError("DEVNET_POOL_FULL", { limit: 1 });
          },
        }),
      },
      async (url) => {
        const { status, answer } = await post(`${url}/graphql`, { query: account(alice.publicKey) });
        assert.deepEqual([status, codeOfAnswer(answer)], [200, "DEVNET_POOL_FULL"]);
      },
    ));

  it("says nothing of an error that nobody foresaw, but reports it", async () => {
    const reported: unknown[] = [];
    const fault = new Error("the password is hunter2");
    const backend = quietBackend({
      account: async () => {
        throw fault;
      },
    });
    await withGraphql({ backend, onInternalError: (error) => reported.push(error) }, async (url) => {
      const { answer } = await post(`${url}/graphql`, { query: account(alice.publicKey) });
      assert.equal(codeOfAnswer(answer), "INTERNAL");
      assert.doesNotMatch(JSON.stringify(answer), /hunter2/);
    });
    assert.deepEqual(reported, [fault]);
  });
});

describe("GraphQL's door", () => {
  const good = transferCommand({ from: alice, to: bob.publicKey, amount: 5n, nonce: 0 });
  const edited = (edit: (command: ReturnType<typeof structuredClone<typeof good>>) => void) => {
    const copy = structuredClone(good);
    edit(copy);
    return copy;
  };
  const withBody = (fields: object) => edited((c) => Object.assign(c.accountUpdates[0]!.body, fields));
  const nested = (depth: number) => `${"{a".repeat(depth)}${"}".repeat(depth)}`;

  const refused: readonly [what: string, body: unknown, code: string][] = [
    ["no JSON", "{", "HTTP_BODY_NOT_JSON"],
    ["a list", [], "GRAPHQL_BODY_MALFORMED"],
    ["no query", { variables: {} }, "GRAPHQL_BODY_MALFORMED"],
    ["variables that are a list", { query: "{ networkID }", variables: [] }, "GRAPHQL_BODY_MALFORMED"],
    [
      "an operation name that is a number",
      { query: "{ networkID }", operationName: 1 },
      "GRAPHQL_BODY_MALFORMED",
    ],
    ["an unknown operation name", { query: "query A { networkID }", operationName: "B" }, "GRAPHQL_INVALID"],
    ["a syntax error", { query: "{" }, "GRAPHQL_SYNTAX"],
    ["a subscription", { query: "subscription { newBlock }" }, "GRAPHQL_INVALID"],
    ["an unknown field", { query: "{ private }" }, "GRAPHQL_INVALID"],
    ["an unknown argument", { query: "{ bestChain(min: 1) { stateHash } }" }, "GRAPHQL_INVALID"],
    ["a key that is none", { query: account("B62q") }, "GRAPHQL_INVALID"],
    [
      "a token id that is none",
      { query: `{ account(publicKey: "${alice.publicKey}", token: "1") { nonce } }` },
      "GRAPHQL_INVALID",
    ],
    [
      "a malformed variable",
      { query: "query($k: PublicKey!) { account(publicKey: $k) { nonce } }", variables: { k: 5 } },
      "GRAPHQL_INVALID",
    ],
    [
      "a missing variable",
      { query: "query($k: PublicKey!) { account(publicKey: $k) { nonce } }" },
      "GRAPHQL_INVALID",
    ],
    [
      "a cycle of fragments",
      { query: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }" },
      "GRAPHQL_INVALID",
    ],
    [
      "a query nested too deeply",
      {
        query: getIntrospectionQuery().replace(
          "ofType {",
          `ofType { ${"ofType { ".repeat(17)} name ${"}".repeat(17)}`,
        ),
      },
      "GRAPHQL_TOO_COMPLEX",
    ],
    [
      "a thousand aliases",
      { query: `{ ${Array.from({ length: 1_001 }, (_, i) => `a${i}: networkID`).join(" ")} }` },
      "GRAPHQL_TOO_COMPLEX",
    ],
    [
      "more questions than one may ask",
      { query: `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: networkID`).join(" ")} }` },
      "GRAPHQL_TOO_COMPLEX",
    ],
    [
      "fragments that multiply",
      {
        query: `{ ...F0 } ${Array.from({ length: 12 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} a${i}: networkID ...F${i + 1} }`).join(" ")} fragment F12 on Query { networkID }`,
      },
      "GRAPHQL_TOO_COMPLEX",
    ],
    [
      "more words than the longest command",
      { query: `{ ${"networkID ".repeat(60_001)} }` },
      "GRAPHQL_SYNTAX",
    ],
    ["a selection nested beyond the parser's stack", { query: nested(50_000) }, "GRAPHQL_SYNTAX"],
    ["a command with an unknown field", { query: send(withBody({ extra: 1 })) }, "GRAPHQL_INVALID"],
    ["a command that lacks a field", { query: send(withBody({ callData: undefined })) }, "GRAPHQL_INVALID"],
    [
      "an amount above 64 bits",
      { query: send(withBody({ balanceChange: { magnitude: String(1n << 64n), sgn: "Positive" } })) },
      "GRAPHQL_INVALID",
    ],
    [
      "a negative amount",
      { query: send(withBody({ balanceChange: { magnitude: "-1", sgn: "Positive" } })) },
      "GRAPHQL_INVALID",
    ],
    [
      "an amount with a leading zero",
      { query: send(withBody({ balanceChange: { magnitude: "01", sgn: "Positive" } })) },
      "GRAPHQL_INVALID",
    ],
    [
      "a field element that is not reduced",
      { query: send(withBody({ callData: String(1n << 255n) })) },
      "GRAPHQL_INVALID",
    ],
    [
      "an unknown sign",
      { query: send(withBody({ balanceChange: { magnitude: "1", sgn: "Zero" } })) },
      "GRAPHQL_INVALID",
    ],
    [
      "a memo that is none",
      { query: send(edited((c) => Object.assign(c, { memo: "hello" }))) },
      "GRAPHQL_INVALID",
    ],
    [
      "a signature that is none",
      { query: send(edited((c) => Object.assign(c.feePayer, { authorization: "7m" }))) },
      "GRAPHQL_INVALID",
    ],
  ];
  for (const [what, body, code] of refused) {
    it(`refuses ${what}`, async () => {
      const backend = quietBackend();
      await withGraphql({ backend }, async (url) => {
        const { answer } = await post(`${url}/graphql`, body);
        assert.equal(codeOfAnswer(answer), code, JSON.stringify(answer).slice(0, 500));
      });
      assert.deepEqual(backend.asked, []);
    });
  }

  it("answers anything with data or a code that is not ours to blame", async () => {
    const backend = quietBackend();
    const graphql = createMinaGraphql({ backend });
    const queries = [
      account(alice.publicKey, "balance { total } permissions { setVerificationKey { auth } } zkappState"),
      send(
        good,
        "hash failureReason { index failures } zkappCommand { accountUpdates { body { publicKey } } }",
      ),
      `{ actions(input: { address: "${alice.publicKey}", from: 1, fromActionState: "5" }) { actionState { actionStateOne } } }`,
      "query A($n: Int) { bestChain(maxLength: $n) { protocolState { consensusState { nextEpochData { seed } } } } }",
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...queries), fc.nat(), fc.nat(40), fc.string({ maxLength: 8 }))
      .map(([query, at, length, text]) => {
        const start = at % query.length;
        return query.slice(0, start) + text + query.slice(start + length);
      });
    const body = fc.oneof(
      mutated.map((query) => ({ query })),
      fc.record({
        query: mutated,
        variables: fc.dictionary(fc.string(), fc.jsonValue()),
        operationName: fc.string(),
      }),
      fc.jsonValue(),
    );
    const property = fc.asyncProperty(body, async (value) => {
      const { data, errors } = await graphql.execute(value);
      if (!errors) return assert.ok(data);
      for (const { extensions } of errors) assert.match(extensions.code, /^GRAPHQL_/);
    });
    await fc.assert(property, { seed: 7, numRuns: 500 });
  });

  it("refuses a body above its limit", () =>
    withGraphql({ backend: quietBackend(), limits: { bodyBytes: 1_000 } }, async (url) => {
      const { status, answer } = await post(`${url}/graphql`, {
        query: `{ networkID ${" ".repeat(1_000)} }`,
      });
      assert.deepEqual([status, codeOfAnswer(answer)], [413, "HTTP_BODY_TOO_LARGE"]);
    }));

  it("refuses other content types and methods", () =>
    withGraphql({ backend: quietBackend() }, async (url) => {
      const text = await fetch(`${url}/graphql`, { method: "POST", body: '{"query":"{ networkID }"}' });
      assert.equal(((await text.json()) as { error: { code: string } }).error.code, "HTTP_MEDIA_TYPE");
      const get = await fetch(`${url}/graphql?query={networkID}`);
      assert.equal(((await get.json()) as { error: { code: string } }).error.code, "HTTP_METHOD_NOT_ALLOWED");
    }));
});
