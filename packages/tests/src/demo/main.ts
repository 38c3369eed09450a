import { runSlowPipeDemo } from "./slow-pipe-demo.ts";

// The program behind `npm run demo`. CALLFACTORY_FIXTURE names the DLL for the native backend.

const library = process.env["CALLFACTORY_FIXTURE"];
const native = process.argv.includes("--native");
const lines = await runSlowPipeDemo({
  ...(native ? { backend: "native" as const } : {}),
  ...(library === undefined ? {} : { library }),
});
console.log(lines.join("\n"));
