// Imported into a process before its program: its date is off by the milliseconds that a file says, read again at SIGUSR2.
import { readFileSync } from "node:fs";

const now = Date.now.bind(Date);
let offsetMs = 0;
const read = () => {
  offsetMs = Number(readFileSync(process.env.ZEKO_TEST_DATE_FILE, "utf8"));
};
read();
process.on("SIGUSR2", read);

globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [now() + offsetMs] : args));
  }
  static now() {
    return now() + offsetMs;
  }
};
