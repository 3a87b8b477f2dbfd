import assert from "node:assert/strict";
import { codeOf } from "../../protocol/index.ts";

/** For `assert.throws` and `assert.rejects`: the error carries exactly this code. */
export function hasCode(code: string) {
  return (error: unknown) => {
    assert.equal(codeOf(error), code, String(error));
    return true;
  };
}
