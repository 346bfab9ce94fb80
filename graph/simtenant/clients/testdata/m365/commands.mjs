// Runs commands of the CLI for Microsoft 365, one after another, and writes down what each said, as JSON on standard output.
// Where the package is, and which commands, comes as JSON on standard input.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(0, "utf8"));
const { executeCommand } = await import(pathToFileURL(join(job.package, "dist", "api.js")));

const said = [];
for (const { command, options } of job.commands) {
  try {
    const { stdout } = await executeCommand(command, { output: "json", ...options });
    said.push({ output: stdout ?? "" });
  } catch (failure) {
    said.push({ failure: failure?.error?.message ?? failure?.message ?? JSON.stringify(failure) });
  }
}
process.stdout.write(JSON.stringify(said), () => process.exit(0));
