import type { MetricRegister } from "../metrics/createMetricRegister.ts";
import type { Readiness } from "./Readiness.ts";
import type { Route } from "./Route.ts";

const unversioned = "the path that Kubernetes and Prometheus expect";

/** The routes that every process has. */
export function standardRoutes(readiness: Readiness, register: MetricRegister): Route[] {
  return [
    { method: "GET", path: "/livez", unversioned, handle: () => ({ json: { status: "ok" } }) },
    {
      method: "GET",
      path: "/readyz",
      unversioned,
      async handle() {
        const { ready, checks } = await readiness.report();
        return { status: ready ? 200 : 503, json: { status: ready ? "ready" : "not ready", checks } };
      },
    },
    {
      method: "GET",
      path: "/metrics",
      unversioned,
      handle: async () => await register.expose(),
    },
  ];
}
