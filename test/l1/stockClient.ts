/**
 * A program of somebody who knows o1js and nothing of us: one endpoint, one funded key. Run as a process of its own.
 * Prints one JSON object with what it saw.
 */
import {
  AccountUpdate,
  Field,
  fetchAccount,
  fetchLastBlock,
  fetchTransactionStatus,
  Mina,
  PrivateKey,
  type PublicKey,
  UInt64,
} from "o1js";

const [url, key] = process.argv.slice(2) as [string, string];
Mina.setActiveInstance(Mina.Network({ mina: url, archive: url }));

const payer = PrivateKey.fromBase58(key);
const sender = payer.toPublicKey();
const zkapp = PrivateKey.random();
const friend = PrivateKey.random().toPublicKey();
const wait = { interval: 50, maxAttempts: 200 };

async function send(keys: PrivateKey[], build: () => Promise<void>) {
  for (const k of keys) await fetchAccount({ publicKey: k.toPublicKey() });
  const tx = await Mina.transaction({ sender, fee: 1e8 }, build);
  return await tx.sign(keys).send();
}

async function balance(publicKey: PublicKey): Promise<string | undefined> {
  return (await fetchAccount({ publicKey })).account?.balance.toString();
}

const created = await (
  await send([payer], async () => {
    AccountUpdate.fundNewAccount(sender);
    AccountUpdate.createSigned(sender).send({ to: friend, amount: 5_000_000_000 });
  })
).wait(wait);

const sent = await send([payer], async () => {
  AccountUpdate.createSigned(sender).send({ to: friend, amount: 7 });
});
const transferred = await sent.wait(wait);

await (
  await send([payer, zkapp], async () => {
    AccountUpdate.fundNewAccount(sender);
    AccountUpdate.createSigned(zkapp.toPublicKey()).account.zkappUri.set("https://example.org");
  })
).wait(wait);
for (const n of [1, 2]) {
  const acting = await send([payer, zkapp], async () => {
    const update = AccountUpdate.createSigned(zkapp.toPublicKey());
    update.body.actions = AccountUpdate.Actions.pushEvent(update.body.actions, [Field(n), Field(10 * n)]);
    update.body.events = AccountUpdate.Events.pushEvent(update.body.events, [Field(100 * n)]);
  });
  await acting.wait(wait);
}
const failing = await send([payer], async () => {
  AccountUpdate.createSigned(sender).account.balance.requireBetween(UInt64.from(1), UInt64.from(2));
});
const failed = await failing.safeWait(wait);

const fetched = (await fetchAccount({ publicKey: zkapp.toPublicKey() })).account!;
const actions = await Mina.fetchActions(zkapp.toPublicKey());
if ("error" in actions) throw new Error("no actions");
const later = await Mina.fetchActions(zkapp.toPublicKey(), { fromActionState: Field(actions[0]!.hash) });
const events = await Mina.fetchEvents(zkapp.toPublicKey(), Field(1));
const unsigned = await Mina.transaction({ sender, fee: 1e8 }, async () => {
  AccountUpdate.createSigned(sender).send({ to: friend, amount: 1 });
});

process.stdout.write(
  JSON.stringify({
    heights: [created.inclusionBlockHeight, transferred.inclusionBlockHeight],
    friend: await balance(friend),
    status: await fetchTransactionStatus(sent.hash),
    stranger: (await fetchAccount({ publicKey: PrivateKey.random().toPublicKey() })).error?.statusCode,
    failed: failed.status,
    failure: failed.status === "rejected" ? failed.errors.join() : "",
    refused: (await unsigned.safeSend()).status,
    zkappUri: fetched.zkapp?.zkappUri,
    actions: actions.map(({ actions }) => actions),
    lastActionHash: actions.at(-1)!.hash,
    accountActionState: fetched.zkapp?.actionState[0]?.toString(),
    later: "error" in later ? "error" : later.map(({ actions }) => actions),
    events: events.flatMap(({ events }) => events.map(({ data }) => data)),
    length: Number((await fetchLastBlock()).blockchainLength.toBigint()),
    depth: (await transferred.getDepth()).depth,
    friendKey: friend.toBase58(),
    zkappKey: zkapp.toPublicKey().toBase58(),
  }),
);
process.exit(0);
