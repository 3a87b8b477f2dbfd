// What a user's own script looks like: stock o1js, with `Mina.Network` pointed at the rollup. Nothing of ours is imported.
// node userTransfers.mjs <graphql url> <sender's private key> <how many> [existing receiver; a new account each without one]
import { AccountUpdate, fetchAccount, Mina, PrivateKey, PublicKey } from "o1js";

const [url, privateKey, count, existing] = process.argv.slice(2);
Mina.setActiveInstance(Mina.Network({ mina: url, archive: url, networkId: "devnet" }));
const sender = PrivateKey.fromBase58(privateKey);
const from = sender.toPublicKey();
const { account } = await fetchAccount({ publicKey: from });
let nonce = Number(account.nonce);

for (let i = 0; i < Number(count); i++) {
  const receiver = existing ? PublicKey.fromBase58(existing) : PrivateKey.random().toPublicKey();
  const amount = (5 + i) * 1e9;
  const transaction = await Mina.transaction(
    { sender: from, fee: 1e8, nonce: nonce++, memo: `transfer ${i}` },
    async () => {
      if (!existing) AccountUpdate.fundNewAccount(from);
      AccountUpdate.createSigned(from).send({ to: receiver, amount });
    },
  );
  const pending = await transaction.sign([sender]).send();
  if (pending.status !== "pending") throw new Error(pending.errors.join("; "));
  console.log(JSON.stringify({ receiver: receiver.toBase58(), amount: String(amount), hash: pending.hash }));
}
