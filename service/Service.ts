/**
 * Something with a life: a role, a server, a follower.
 *
 * Constructors store their arguments and do nothing else, so that building one can neither fail nor leak.
 */
export interface Service {
  /** Resolves once the service does its job. When it rejects, the service holds nothing and `stop` need not be called. */
  start(): Promise<void>;
  /** Lets the work in hand finish, then lets go of everything. May be called twice, and before `start`. */
  stop(): Promise<void>;
}
