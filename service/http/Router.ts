import { HttpError } from "../errors/HttpError.ts";
import type { Route } from "./Route.ts";

export type RouteMatch = { readonly route: Route; readonly params: Record<string, string> };

/** Finds the route of a request. Few routes, so a walk over all of them is quick enough. */
export class Router {
  readonly #routes: readonly { readonly route: Route; readonly parts: readonly string[] }[];

  /** @throws {TypeError} for an unversioned path without a reason, or the same route twice: mistakes of ours, found at start. */
  constructor(routes: readonly Route[]) {
    const seen = new Set<string>();
    for (const { method, path, unversioned } of routes) {
      if (!/^\/v\d+\//.test(path) && !unversioned) throw new TypeError(`path ${path} has no version`);
      const shape = `${method} ${path.replace(/:[^/]+/g, ":")}`;
      if (seen.has(shape)) throw new TypeError(`route ${shape} exists twice`);
      seen.add(shape);
    }
    this.#routes = routes.map((route) => ({ route, parts: route.path.split("/") }));
  }

  /** @throws {HttpError} `HTTP_NOT_FOUND`, `HTTP_METHOD_NOT_ALLOWED`, `HTTP_BAD_REQUEST` */
  match(method: string, path: string): RouteMatch {
    const given = path.split("/");
    const allowed: string[] = [];
    for (const { route, parts } of this.#routes) {
      const params = matchParts(parts, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      allowed.push(route.method);
    }
    if (allowed.length > 0) throw new HttpError("HTTP_METHOD_NOT_ALLOWED", { allowed: allowed.join(", ") });
    throw new HttpError("HTTP_NOT_FOUND", {});
  }
}

function matchParts(parts: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (parts.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = decodePart(given[i]!);
    else if (part !== given[i]) return null;
  }
  return params;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "the path is not valid percent encoding" });
  }
}
