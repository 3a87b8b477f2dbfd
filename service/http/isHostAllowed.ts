import { isIP } from "node:net";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/** Whether `host` is an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * On loopback only loopback names are answered: otherwise a web page could point a name of its own at 127.0.0.1 and read
 * what we say (DNS rebinding). On any other address every name is fine.
 */
export function isHostAllowed(listensOn: string, header: string | undefined): boolean {
  if (!isLoopback(listensOn)) return true;
  const name = header?.replace(/:\d+$/, "").toLowerCase();
  return name !== undefined && (loopbackHosts.includes(name) || isLoopback(name));
}
