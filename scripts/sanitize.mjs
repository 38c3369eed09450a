#!/usr/bin/env node
// Compiles what lays out and frees the addon's values for this machine, with AddressSanitizer and
// UndefinedBehaviorSanitizer, and runs it over the methods of the tests' interfaces.
// Usage: node scripts/sanitize.mjs [rounds]

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IMultiQI, IPipeByte } from "@callfactory/core";
import { signatureWords } from "../packages/native/dist/signature-words.js";
import { IShapes } from "../packages/native/sanitize/shapes.mjs";
import { ICalculator } from "../packages/tests/dist/fixtures/interfaces.js";
import { ITypes } from "../packages/tests/dist/fixtures/types-page.js";
import { run } from "./tool.mjs";

const NATIVE = fileURLToPath(new URL("../packages/native/", import.meta.url));
const BUILD = join(NATIVE, "build/sanitize");

/** Sources of the addon that know neither COM's functions nor Node-API. */
const SOURCES = [
  "param_layout",
  "type_table",
  "type_words",
  "value_memory",
  "value_scope",
  "value_walk",
];

const FLAGS = [
  "-std=c++20",
  "-O1",
  "-g",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
];

/** One line a method: its name, how many words and names of members, and these. */
function methodLines() {
  const interfaces = [ICalculator, ITypes, IShapes, IMultiQI, IPipeByte];
  return interfaces.flatMap((iface) => iface.methods.map(lineOf)).join("\n");
}

/** @param {import("@callfactory/core").Method} method */
function lineOf(method) {
  const { words, fieldNames } = signatureWords(method, () => 1);
  return [method.qualifiedName, words.length, fieldNames.length, ...words, ...fieldNames].join(" ");
}

const rounds = process.argv[2] ?? "300";
mkdirSync(BUILD, { recursive: true });
const methods = join(BUILD, "methods.txt");
writeFileSync(methods, methodLines());
const own = readdirSync(join(NATIVE, "sanitize")).filter((name) => name.endsWith(".cc"));
const program = join(BUILD, "sanitize");
const compiled = await run(process.env["CXX"] ?? "g++", [
  ...FLAGS,
  `-I${join(NATIVE, "sanitize/windows")}`,
  `-I${join(NATIVE, "addon")}`,
  ...SOURCES.map((name) => join(NATIVE, "addon", `${name}.cc`)),
  ...own.map((name) => join(NATIVE, "sanitize", name)),
  "-o",
  program,
]);
process.exitCode = compiled === 0 ? await run(program, [methods, rounds]) : compiled;
