import { HttpServer, type HttpServerModules, type HttpServerOptions } from "./HttpServer.ts";

/** Makes a server that does not listen yet; `start` does. */
export function createHttpServer(options: HttpServerOptions, modules: HttpServerModules): HttpServer {
  return new HttpServer(options, modules);
}
