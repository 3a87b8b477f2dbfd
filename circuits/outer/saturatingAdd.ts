import { Provable, UInt32 } from "o1js";

/** a + b, or the last slot of all where the sum would pass it. */
export function saturatingAdd(a: UInt32, b: UInt32): UInt32 {
  const room = UInt32.MAXINT().sub(a);
  return a.add(Provable.if(b.lessThan(room), UInt32, b, room));
}

/** a − b, or 0 where b is more. */
export function saturatingSub(a: UInt32, b: UInt32): UInt32 {
  return a.sub(Provable.if(b.lessThan(a), UInt32, b, a));
}
