import { ProcessError } from "../errors/ProcessError.ts";
import { faultOf } from "../log/faultOf.ts";
import type { Logger } from "../log/Logger.ts";
import type { Service } from "../Service.ts";

/** Told of a part that is open, and how it is closed. */
export type Opened = (name: string, close: () => Promise<void>) => void;

/** Services that depend on those added before them: started in that order, stopped in reverse. */
export class ServiceGroup implements Service {
  readonly #log: Logger;
  readonly #services: { readonly name: string; readonly service: Service }[] = [];
  readonly #started: { readonly name: string; readonly service: Service }[] = [];

  constructor(modules: { readonly log: Logger }) {
    this.#log = modules.log;
  }

  /** Adds a service to start after all others. @returns the service */
  add<S extends Service>(name: string, service: S): S {
    this.#services.push({ name, service });
    return service;
  }

  /** Adds something that is open already and only wants closing, such as a store. */
  addCloser(name: string, close: () => Promise<void>): void {
    this.add(name, { start: async () => {}, stop: close });
  }

  /**
   * Opens what the services to be added need, part by part: `opened` has each closed with the group, or at once, the newest first,
   * when a later one fails. @throws whatever `open` throws
   */
  async open<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
    const closers: (() => Promise<void>)[] = [];
    try {
      return await open((name, close) => {
        closers.push(close);
        this.addCloser(name, close);
      });
    } catch (error) {
      for (const close of closers.toReversed())
        await close().catch((second) => this.#log.warn("not closed", faultOf(second)));
      throw error;
    }
  }

  /** Starts one after the other. When one fails, those before it are stopped and its error is thrown. */
  async start(): Promise<void> {
    for (const entry of this.#services) {
      try {
        await entry.service.start();
      } catch (error) {
        await this.stop().catch((second) => this.#log.warn("not stopped", faultOf(second)));
        throw error;
      }
      this.#started.push(entry);
      this.#log.debug("started", { service: entry.name });
    }
  }

  /** Stops every started service, also when one of them fails. @throws {ProcessError} `PROCESS_STOP_FAILED` */
  async stop(): Promise<void> {
    const failed: string[] = [];
    for (let entry = this.#started.pop(); entry; entry = this.#started.pop()) {
      try {
        await entry.service.stop();
        this.#log.debug("stopped", { service: entry.name });
      } catch (error) {
        failed.push(entry.name);
        this.#log.error("not stopped", { service: entry.name, ...faultOf(error) });
      }
    }
    if (failed.length > 0) throw new ProcessError("PROCESS_STOP_FAILED", { services: failed });
  }
}
