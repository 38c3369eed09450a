import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** A module for browsers: the entry with all that it needs. */
export interface Bundle {
  /** The chunks, by file name; the entry is `entry.js`. */
  readonly chunks: ReadonlyMap<string, string>;
  /** What it needs of Node; must be nothing. */
  readonly builtins: readonly string[];
}

/** Bundles `entry`, a package's name or a file beside this one, as a user's bundler does. */
export async function bundleForBrowser(entry: string): Promise<Bundle> {
  const builtins: string[] = [];
  const input = entry.startsWith("./") ? fileURLToPath(new URL(entry, import.meta.url)) : entry;
  const bundle = await rolldown({
    input: { entry: input },
    platform: "browser",
    transform: { target: "es2022" },
    plugins: [
      {
        name: "node-builtins",
        resolveId: (id, importer) => {
          if (!isBuiltin(id)) return null;
          builtins.push(`${id} in ${importer}`);
          return { id, external: true };
        },
      },
    ],
  });
  try {
    const { output } = await bundle.generate({ format: "esm", entryFileNames: "[name].js" });
    const chunks = new Map(
      output.flatMap((part) => (part.type === "chunk" ? [[part.fileName, part.code]] : [])),
    );
    return { chunks, builtins };
  } finally {
    await bundle.close();
  }
}
