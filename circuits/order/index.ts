export { type CanonicalField, canonical, isBelow } from "./CanonicalField.ts";
