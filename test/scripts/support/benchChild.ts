// Stands for `scripts/bench.ts --child <file> <name>`.
const name = process.argv[4];
process.stdout.write("a library says hello\n");
process.stdout.write(`${JSON.stringify({ name: `${name}.a`, value: 1.5, unit: "s" })}\n`);
process.stdout.write(`${JSON.stringify({ name: `${name}.b`, value: null, unit: "s" })}\n`);
process.exit(name === "bad" ? 3 : 0);
