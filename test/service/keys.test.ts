import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import Client from "mina-signer";
import { fromBase58, toBase58 } from "../../protocol/index.ts";
import {
  decryptSecretBox,
  evmKeyFromHex,
  type MinaKeyPair,
  minaKeyPairFromBase58,
  newEvmKey,
  newMinaKeyPair,
  readEvmKeyFile,
  readMinaKeyFile,
  readPassword,
  Secret,
  writeEvmKeyFile,
  writeMinaKeyFile,
} from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

/** The demo block producer's key that Mina's own test scripts use; its password is empty. */
const demo = {
  box_primitive: "xsalsa20poly1305",
  pw_primitive: "argon2i",
  nonce: "8jGuTAxw3zxtWasVqcD1H6rEojHLS1yJmG3aHHd",
  pwsalt: "AiUCrMJ6243h3TBmZ2rqt3Voim1Y",
  pwdiff: [134217728, 6],
  ciphertext: "DbAy736GqEKWe9NQWT4yaejiZUo9dJ6rsK7cpS43APuEf5AH1Qw6xb1s35z8D2akyLJBrUr6m",
};
const DEMO_ADDRESS = "B62qmnkbvNpNvxJ9FkSkBy5W6VkquHbgN2MDHh1P8mRVX3FQ1eWtcxV";

const directory = temporaryDirectory();
let count = 0;
const fresh = () => join(directory, `key${count++}`);
const put = (content: unknown, mode = 0o600) => {
  const file = fresh();
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
};

describe("Mina key files", () => {
  const password = new Secret("naughty blue worm");
  let key: MinaKeyPair;
  let file: string;
  before(async () => {
    key = newMinaKeyPair();
    file = join(directory, "new", "key");
    await writeMinaKeyFile(file, key, password);
  });

  it("open what Mina's own tools wrote", async () => {
    assert.equal((await readMinaKeyFile(put(demo), new Secret(""))).address, DEMO_ADDRESS);
  });

  it("hold the same key after writing and reading", async () => {
    const read = await readMinaKeyFile(file, password);
    assert.equal(read.privateKey.reveal(), key.privateKey.reveal());
    assert.deepEqual(read.publicKey, key.publicKey);
  });

  it("have the form of Mina's tools, and the address beside them", () => {
    const box = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(Object.keys(box), Object.keys(demo));
    assert.deepEqual(box.pwdiff, demo.pwdiff);
    assert.equal(readFileSync(`${file}.pub`, "utf8"), `${key.address}\n`);
  });

  it("are private: 0600 in a directory of 0700, and never hold the key or password in clear", () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(directory, "new")).mode & 0o777, 0o700);
    const all = readdirSync(join(directory, "new")).map((name) =>
      readFileSync(join(directory, "new", name), "utf8"),
    );
    assert.ok(!all.join().includes(key.privateKey.reveal()) && !all.join().includes("naughty"));
  });

  it("are salted: the same key and password give another file", async () => {
    const second = fresh();
    await writeMinaKeyFile(second, key, password);
    const [a, b] = [file, second].map((name) => JSON.parse(readFileSync(name, "utf8")));
    assert.notEqual(a.pwsalt, b.pwsalt);
    assert.notEqual(a.nonce, b.nonce);
  });

  it("refuse a wrong password", () =>
    assert.rejects(readMinaKeyFile(file, new Secret("naughty blue wurm")), hasCode("KEY_PASSWORD_WRONG")));

  it("are never written over", async () => {
    const before = readFileSync(file, "utf8");
    await assert.rejects(writeMinaKeyFile(file, newMinaKeyPair(), password), hasCode("KEY_FILE_EXISTS"));
    assert.equal(readFileSync(file, "utf8"), before);
  });

  for (const mode of [0o640, 0o604, 0o660])
    it(`are refused with mode ${mode.toString(8)}`, () =>
      assert.rejects(readMinaKeyFile(put(demo, mode), new Secret("")), hasCode("KEY_FILE_OPEN")));

  it("are not written where others may put files", async () => {
    const open = fresh();
    mkdirSync(open);
    chmodSync(open, 0o777);
    await assert.rejects(writeMinaKeyFile(join(open, "key"), key, password), hasCode("KEY_FILE_OPEN"));
    assert.ok(!existsSync(join(open, "key")));
  });

  it("are refused when missing", () =>
    assert.rejects(readMinaKeyFile(fresh(), password), hasCode("KEY_FILE_MISSING")));

  const damaged: [string, unknown][] = [
    ["no JSON", "{"],
    ["no object", "5"],
    ["another cipher", { ...demo, box_primitive: "aes" }],
    ["another password hash", { ...demo, pw_primitive: "scrypt" }],
    ["a short nonce", { ...demo, nonce: toBase58(2, new Uint8Array(23)) }],
    ["a salt with a wrong checksum", { ...demo, pwsalt: `${demo.pwsalt.slice(0, -1)}Z` }],
    ["a ciphertext of another version byte", { ...demo, ciphertext: toBase58(1, new Uint8Array(49)) }],
    ["a number for text", { ...demo, nonce: 5 }],
    ["no difficulty", { ...demo, pwdiff: undefined }],
    ["a difficulty that would eat the memory", { ...demo, pwdiff: [2 ** 40, 6] }],
    ["a difficulty that would take for ever", { ...demo, pwdiff: [134217728, 1e9] }],
    ["no difficulty to speak of", { ...demo, pwdiff: [134217728, 0] }],
  ];
  for (const [name, content] of damaged)
    it(`are refused with ${name}`, () =>
      assert.rejects(readMinaKeyFile(put(content), new Secret("")), hasCode("KEY_FILE_MALFORMED")));

  it("refuse one changed bit", async () => {
    const bytes = Uint8Array.from(fromBase58(2, 49, demo.ciphertext)!);
    bytes[20]! ^= 1;
    const json = { ...demo, ciphertext: toBase58(2, bytes) };
    const options = { secretBytes: 33, password: new Secret(""), file: "f" };
    await assert.rejects(decryptSecretBox(json, options), hasCode("KEY_PASSWORD_WRONG"));
  });
});

describe("Mina keys", () => {
  it("are those of mina-signer", () => {
    const key = newMinaKeyPair();
    assert.equal(new Client({ network: "devnet" }).derivePublicKey(key.privateKey.reveal()), key.address);
    assert.equal(minaKeyPairFromBase58(key.privateKey).address, key.address);
  });

  const q = 0x40000000000000000000000000000000224698fc0994a8dd8c46eb2100000001n;
  const scalar = (value: bigint) =>
    toBase58(
      0x5a,
      Uint8Array.of(1, ...Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))),
    );
  for (const [name, text] of [
    ["zero", scalar(0n)],
    ["q", scalar(q)],
    ["an address", DEMO_ADDRESS],
    ["nothing", ""],
  ] as const)
    it(`are not ${name}`, () =>
      assert.throws(() => minaKeyPairFromBase58(new Secret(text)), hasCode("KEY_PRIVATE_MALFORMED")));
  it("go up to q − 1", () => assert.ok(minaKeyPairFromBase58(new Secret(scalar(q - 1n)))));
});

describe("DA key files", () => {
  it("are Web3 keystores: read back, refuse a wrong password and damage", async () => {
    const key = newEvmKey();
    const file = fresh();
    await writeEvmKeyFile(file, key, new Secret("pw"));
    assert.equal((await readEvmKeyFile(file, new Secret("pw"))).privateKey.reveal(), key.privateKey.reveal());
    assert.equal(readFileSync(`${file}.pub`, "utf8"), `${key.address}\n`);
    await assert.rejects(readEvmKeyFile(file, new Secret("no")), hasCode("KEY_PASSWORD_WRONG"));
    await assert.rejects(
      readEvmKeyFile(put({ version: 3 }), new Secret("pw")),
      hasCode("KEY_FILE_MALFORMED"),
    );
    await assert.rejects(readEvmKeyFile(put("x"), new Secret("pw")), hasCode("KEY_FILE_MALFORMED"));
  });

  it("refuse text that is no key, without quoting it", () => {
    assert.throws(
      () => evmKeyFromHex(new Secret("0xhunter2")),
      (error: Error & { code: string }) =>
        error.code === "KEY_PRIVATE_MALFORMED" && !`${error.stack}${error.cause}`.includes("hunter2"),
    );
  });
});

describe("readPassword", () => {
  const file = "key";
  it("prefers the file to the environment, and strips one line break", async () => {
    const passwordFile = put(" two\nlines \r\n");
    const found = await readPassword({ file, passwordFile, password: new Secret("env") }, null);
    assert.equal(found.reveal(), " two\nlines ");
  });

  it("takes the environment's, also when it is empty", async () => {
    assert.equal((await readPassword({ file, password: new Secret("") }, null)).reveal(), "");
  });

  it("refuses a password file that others may read", () =>
    assert.rejects(readPassword({ file, passwordFile: put("x", 0o644) }, null), hasCode("KEY_FILE_OPEN")));

  it("asks on a terminal, twice for a new key", async () => {
    const answers =
      (...list: string[]) =>
      async () =>
        list.shift()!;
    assert.equal((await readPassword({ file }, answers("a"))).reveal(), "a");
    assert.equal((await readPassword({ file, isNew: true }, answers("a", "a"))).reveal(), "a");
    await assert.rejects(
      readPassword({ file, isNew: true }, answers("a", "b")),
      hasCode("KEY_PASSWORD_MISMATCH"),
    );
  });

  it("refuses where there is nobody to ask", () =>
    assert.rejects(readPassword({ file }, null), hasCode("KEY_PASSWORD_MISSING")));
});
