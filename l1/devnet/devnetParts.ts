// What needs o1js, in one place to load late: most importers of l1 want only its client.
export { Devnet } from "./Devnet.ts";
export { DevnetBackend } from "./DevnetBackend.ts";
export { devnetRoutes } from "./devnetRoutes.ts";
