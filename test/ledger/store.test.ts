import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type KeyValueStore, MemoryStore } from "../../ledger/index.ts";
import { openLevelStore } from "./support/openLevelStore.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

async function all(store: Pick<KeyValueStore, "entries">, prefix: string): Promise<[string, number[]][]> {
  const found: [string, number[]][] = [];
  for await (const [key, value] of store.entries(prefix)) found.push([key, [...value]]);
  return found;
}

/** What every store must do. `withStore` opens an empty one and clears it away afterwards. */
function behavesAsStore(
  name: string,
  withStore: (use: (store: KeyValueStore) => Promise<void>) => Promise<void>,
): void {
  describe(name, () => {
    it("gives back what was written, and null for what was not", () =>
      withStore(async (store) => {
        await store.write([{ key: "a", value: bytes(1, 2) }]);
        assert.deepEqual([...(await store.get("a"))!], [1, 2]);
        assert.equal(await store.get("b"), null);
      }));

    it("overwrites, deletes, and takes no notice of deleting what is not there", () =>
      withStore(async (store) => {
        await store.write([
          { key: "a", value: bytes(1) },
          { key: "b", value: bytes(2) },
        ]);
        await store.write([
          { key: "a", value: bytes(3) },
          { key: "b", value: null },
          { key: "c", value: null },
        ]);
        assert.deepEqual(await all(store, ""), [["a", [3]]]);
      }));

    it("lists the keys of a prefix in order, and no others", () =>
      withStore(async (store) => {
        const keys = ["x/2", "x/1", "y/1", "x/10", "x", "w/9"];
        await store.write(keys.map((key, i) => ({ key, value: bytes(i) })));
        assert.deepEqual(
          (await all(store, "x/")).map(([key]) => key),
          ["x/1", "x/10", "x/2"],
        );
      }));

    it("keeps its own copy of the bytes", () =>
      withStore(async (store) => {
        const value = bytes(1);
        await store.write([{ key: "a", value }]);
        value[0] = 9;
        const read = await store.get("a");
        read![0] = 8;
        assert.deepEqual([...(await store.get("a"))!], [1]);
      }));

    it("takes an empty batch and an empty value", () =>
      withStore(async (store) => {
        await store.write([]);
        await store.write([{ key: "a", value: bytes() }]);
        assert.deepEqual([...(await store.get("a"))!], []);
      }));

    it("shows in a snapshot what was there when it was taken, whatever came later", () =>
      withStore(async (store) => {
        await store.write(["a", "b"].map((key, i) => ({ key, value: bytes(i) })));
        const snapshot = store.snapshot();
        const begun = snapshot.entries("")[Symbol.asyncIterator]();
        await begun.next();
        await store.write([
          { key: "a", value: bytes(9) },
          { key: "b", value: null },
          { key: "c", value: bytes(9) },
        ]);
        assert.deepEqual([...(await snapshot.get("a"))!], [0]);
        assert.deepEqual(await all(snapshot, ""), [
          ["a", [0]],
          ["b", [1]],
        ]);
        assert.equal((await begun.next()).value?.[0], "b");
        await snapshot.close();
        assert.deepEqual(await all(store, ""), [
          ["a", [9]],
          ["c", [9]],
        ]);
      }));

    it("may be closed twice", () =>
      withStore(async (store) => {
        await store.close();
        await store.close();
      }));
  });
}

behavesAsStore("memory store", async (use) => use(new MemoryStore()));

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "zeko-store-"));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

behavesAsStore("level store", (use) =>
  inDirectory(async (directory) => {
    const store = await openLevelStore(directory);
    try {
      await use(store);
    } finally {
      await store.close();
    }
  }),
);

describe("level store on disk", () => {
  it("has what was written when it is opened again", () =>
    inDirectory(async (directory) => {
      const first = await openLevelStore(directory);
      await first.write([{ key: "a", value: bytes(7) }]);
      await first.close();
      const second = await openLevelStore(directory);
      assert.deepEqual([...(await second.get("a"))!], [7]);
      await second.close();
    }));

  it("is one process's at a time", () =>
    inDirectory(async (directory) => {
      const first = await openLevelStore(directory);
      await assert.rejects(openLevelStore(directory));
      await first.close();
    }));
});
