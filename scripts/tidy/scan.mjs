// Splits source text into code, comments and strings, so that a rule about one never sees another.

/**
 * @typedef {object} Comment
 * @property {number} line
 * @property {string} text
 *
 * @typedef {object} Scan
 * @property {string} code the source with comments and the insides of literals blanked, same length
 * @property {Comment[]} comments
 */

const REGEX_AFTER_WORD = /\b(?:return|typeof|case|in|of|do|else|yield|await|void|delete|throw)$/;
const REGEX_AFTER_SIGN = /[([{}=,;:!&|?+\-*%~^<>]$/;

/** Walks one source text; `blank` keeps line breaks, so offsets and line numbers stay valid. */
class Scanner {
  /** @param {string} text @param {"script" | "cpp"} language */
  constructor(text, language) {
    this.text = text;
    this.cpp = language === "cpp";
    this.at = 0;
    /** @type {string[]} */
    this.out = [];
    /** @type {Comment[]} */
    this.comments = [];
    /** The code so far on which a slash's meaning depends. */
    this.before = "";
  }

  /** @param {number} end */
  blank(end) {
    this.out.push(this.text.slice(this.at, end).replace(/[^\n]/g, " "));
    this.at = end;
  }

  /** @param {number} end */
  keep(end) {
    const code = this.text.slice(this.at, end);
    this.out.push(code);
    const solid = code.trimEnd();
    if (solid !== "") this.before = (this.before + solid).slice(-16);
    else if (code !== "" && !this.before.endsWith(" ")) this.before += " ";
    this.at = end;
  }

  /** @param {number} end */
  comment(end) {
    const line = lineAt(this.text, this.at);
    this.comments.push({ line, text: this.text.slice(this.at, end) });
    this.blank(end);
  }

  /** Keeps both quotes and blanks what is between them. @param {string} quote */
  quoted(quote) {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== quote && this.text[end] !== "\n") {
      end += this.text[end] === "\\" ? 2 : 1;
    }
    this.keep(this.at + 1);
    this.blank(Math.min(end, this.text.length));
    this.keep(Math.min(this.at + 1, this.text.length));
  }

  regex() {
    let end = this.at + 1;
    let inClass = false;
    while (end < this.text.length && this.text[end] !== "\n") {
      const sign = this.text[end];
      if (sign === "/" && !inClass) break;
      if (sign === "[") inClass = true;
      if (sign === "]") inClass = false;
      end += sign === "\\" ? 2 : 1;
    }
    this.keep(this.at + 1);
    this.blank(Math.min(end, this.text.length));
    this.keep(Math.min(this.at + 1, this.text.length));
  }

  template() {
    this.keep(this.at + 1);
    while (this.at < this.text.length && this.text[this.at] !== "`") {
      if (this.text.startsWith("${", this.at)) {
        this.keep(this.at + 2);
        this.code("}");
        this.keep(this.at + 1);
      } else {
        this.blank(Math.min(this.at + (this.text[this.at] === "\\" ? 2 : 1), this.text.length));
      }
    }
    this.keep(Math.min(this.at + 1, this.text.length));
  }

  /** R"tag( … )tag" of C++. @param {RegExpExecArray} open */
  raw(open) {
    const close = `)${open[1]}"`;
    const end = this.text.indexOf(close, this.at + open[0].length);
    this.keep(this.at + 2);
    this.blank(end < 0 ? this.text.length : end + close.length - 1);
    this.keep(Math.min(this.at + 1, this.text.length));
  }

  /** @returns {boolean} whether a slash here opens a regular expression */
  opensRegex() {
    const before = this.before.trimEnd();
    return before === "" || REGEX_AFTER_SIGN.test(before) || REGEX_AFTER_WORD.test(before);
  }

  /** Reads code until `stop` closes the nesting in which it began. @param {string} [stop] */
  code(stop) {
    let depth = 0;
    while (this.at < this.text.length) {
      const sign = this.text[this.at] ?? "";
      if (stop !== undefined && sign === stop && depth === 0) return;
      if (sign === "{") depth += 1;
      if (sign === "}") depth -= 1;
      this.step(sign);
    }
  }

  /** @param {string} sign the character under the cursor */
  step(sign) {
    const rest = this.text.slice(this.at, this.at + 24);
    const raw = this.cpp ? /^R"([^\s()\\]{0,16})\(/.exec(rest) : null;
    if (rest.startsWith("//")) return this.comment(ending(this.text, "\n", this.at));
    if (rest.startsWith("/*")) return this.comment(ending(this.text, "*/", this.at + 2) + 2);
    if (raw) return this.raw(raw);
    if (this.cpp && sign === "'" && /[0-9a-fA-F]$/.test(this.before)) return this.keep(this.at + 1);
    if (sign === '"' || sign === "'") return this.quoted(sign);
    if (!this.cpp && sign === "`") return this.template();
    if (!this.cpp && sign === "/" && this.opensRegex()) return this.regex();
    return this.keep(this.at + 1);
  }
}

/** @param {string} text @param {string} mark @param {number} from */
function ending(text, mark, from) {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

/**
 * Returns the line, from 1, on which `offset` stands.
 *
 * @param {string} text @param {number} offset
 */
export function lineAt(text, offset) {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

/**
 * Scans TypeScript or JavaScript (`script`), or C++ (`cpp`).
 *
 * @param {string} text @param {"script" | "cpp"} language
 * @returns {Scan}
 */
export function scan(text, language) {
  const scanner = new Scanner(text, language);
  scanner.code();
  return { code: scanner.out.join(""), comments: scanner.comments };
}
