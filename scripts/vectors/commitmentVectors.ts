import {
  attestationMessage,
  CELL_BYTES,
  CHUNK_BYTES,
  chunkRoot,
  dataRoot,
  dataRootOfChunks,
  MAX_DATA_BYTES,
} from "../../protocol/index.ts";
import { hex, sample, sampleBytes, sampleField } from "./samples.ts";

/** Long inputs stand as (seed, length): bytes of SHA-256("seed 0") ‖ SHA-256("seed 1") ‖ … */
export function commitmentVectors() {
  const lengths = [
    1,
    CELL_BYTES - 1,
    CELL_BYTES,
    CELL_BYTES + 1,
    3 * CELL_BYTES,
    5 * CELL_BYTES,
    CHUNK_BYTES - 1,
    CHUNK_BYTES,
  ];
  const dataLengths = [1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES - 7];
  return {
    chunkRoot: lengths.map((length) => ({
      name: `${length} bytes`,
      input: { seed: "chunk", length },
      output: hex(chunkRoot(sampleBytes("chunk", length))),
    })),
    chunkRoots: [1, 2, 3, 5, 64].map((count) => {
      const roots = Array.from({ length: count }, (_, i) => sampleBytes(`root ${i}`, 32));
      return { name: `${count} chunks`, input: roots.map(hex), output: dataRootOfChunks(roots) };
    }),
    dataRoot: [
      ...dataLengths.map((length) => ({
        name: `${length} bytes`,
        input: { seed: "data", length },
        output: dataRoot(sampleBytes("data", length)),
      })),
      { name: "no bytes", input: { seed: "data", length: 0 }, error: "PAYLOAD_EMPTY" },
      {
        name: "one byte too many",
        input: { seed: "data", length: MAX_DATA_BYTES + 1 },
        error: "PAYLOAD_TOO_LARGE",
      },
    ],
    attestationMessage: ["a", "b"].map((seed) => {
      const setHash = sampleField(`${seed} set`);
      const commitment = {
        statement: sampleField(`${seed} statement`),
        dataRoot: sampleField(`${seed} root`),
        dataLength: sample(`${seed} length`, 22),
        scheme: 1n,
      };
      return {
        name: seed,
        input: { setHash, ...commitment },
        output: attestationMessage(setHash, commitment),
      };
    }),
  };
}
