export { type CanonicalField, canonical, canonicalLimbs, isBelow } from "./CanonicalField.ts";
