// A user's script of stock o1js; nothing of ours is imported. Prints what it saw as one JSON object.
import { AccountUpdate, fetchAccount, Mina, PrivateKey } from "o1js";

const [url, privateKey] = process.argv.slice(2);
Mina.setActiveInstance(Mina.Network(url));
const sender = PrivateKey.fromBase58(privateKey);
const from = sender.toPublicKey();
const receiver = PrivateKey.random();
const to = receiver.toPublicKey();
const fee = 1e8;
const options = { interval: 50, maxAttempts: 400 };

// Creates an account …
const creation = await Mina.transaction({ sender: from, fee }, async () => {
  AccountUpdate.fundNewAccount(from);
  AccountUpdate.createSigned(from).send({ to, amount: 5e9 });
});
const created = await creation.sign([sender]).send();
await created.wait(options);
const { account } = await fetchAccount({ publicKey: to });

// … which sends some of it back.
const payment = await Mina.transaction({ sender: to, fee, memo: "thanks" }, async () => {
  AccountUpdate.createSigned(to).send({ to: from, amount: 1e9 });
});
const paid = await payment.sign([receiver]).send();
await paid.wait(options);

// What this version does not take is refused with a code.
const refused = await Mina.transaction({ sender: from, fee }, async () => {
  const update = AccountUpdate.createSigned(from);
  update.account.tokenSymbol.set("NO");
});
const answer = await refused.sign([sender]).safeSend();

await fetchAccount({ publicKey: to });
await fetchAccount({ publicKey: from });
console.log(
  JSON.stringify({
    receiver: to.toBase58(),
    hashes: [created.hash, paid.hash],
    nonce: account.nonce.toString(),
    balance: Mina.getBalance(to).toString(),
    senderBalance: Mina.getBalance(from).toString(),
    creationFee: Mina.getNetworkConstants().accountCreationFee.toString(),
    refused: { status: answer.status, errors: answer.errors },
  }),
);
