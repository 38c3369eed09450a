import { runSlowPipeDemo } from "./slow-pipe-demo.ts";

// The program behind `npm run demo`: main.js [--native <path of the fixture's DLL>]

const [mode, library] = process.argv.slice(2);
const lines = await runSlowPipeDemo({
  ...(mode === "--native" ? { backend: "native" as const } : {}),
  ...(library === undefined ? {} : { library }),
});
console.log(lines.join("\n"));
