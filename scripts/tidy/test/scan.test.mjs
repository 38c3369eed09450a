import { describe, expect, it } from "vitest";
import { scan } from "../scan.mjs";

/** @param {string} text @param {"script" | "cpp"} [language] */
function codeOf(text, language = "script") {
  return scan(text, language).code.replace(/ +/g, " ");
}

describe("scan", () => {
  it("blanks comments and keeps the length", () => {
    const text = "a; // one\nb; /* two\nthree */ c;";

    const { code, comments } = scan(text, "script");

    expect(code).toHaveLength(text.length);
    expect(codeOf(text)).toBe("a; \nb; \n c;");
    expect(comments).toEqual([
      { line: 1, text: "// one" },
      { line: 2, text: "/* two\nthree */" },
    ]);
  });

  it.each([
    ["a double-quoted string", 'x = "// any \\" any";', 'x = " ";'],
    ["a single-quoted string", "x = '/* any';", "x = ' ';"],
    ["a regular expression", "x = /[/*]any\\//g;", "x = / /g;"],
    ["a regular expression after return", "return /any/;", "return / /;"],
    ["a template", "x = `any ${y + `any`} any`;", "x = ` ${y + ` `} `;"],
    ["a brace in a template", "x = `${{ a: `any` }}any`; y;", "x = `${{ a: ` ` }} `; y;"],
  ])("blanks the inside of %s", (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it("keeps divisions", () => {
    expect(codeOf("x = (a + b) / c / d; y = e / f;")).toBe("x = (a + b) / c / d; y = e / f;");
  });

  it("reads the raw strings and digit separators of C++", () => {
    const text = 'auto a = R"x(" // any)")x"; int b = 1\'000; char c = \'"\'; // end';

    expect(codeOf(text, "cpp")).toBe("auto a = R\" \"; int b = 1'000; char c = ' '; ");
  });

  it("survives texts that end too early", () => {
    for (const text of ['"abc', "`abc ${", "/* abc", "x = /abc", "'"]) {
      expect(scan(text, "script").code).toHaveLength(text.length);
    }
  });
});
