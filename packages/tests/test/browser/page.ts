import { runScenario } from "./scenario.ts";

// The page: runs the scenario and hands what came of it to the server that the page came from.

async function report(): Promise<void> {
  const violations: string[] = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => {
    violations.push(`${violatedDirective} ${sample}`.trim());
  });
  const result = await runScenario().then(
    (outcome) => ({ outcome }),
    (error: unknown) => ({
      error: error instanceof Error ? (error.stack ?? error.message) : error,
    }),
  );
  const body = JSON.stringify({ ...result, violations });
  await fetch("/result", { method: "POST", body });
}

void report();
