// Makes the platform refuse to turn source into functions, as a strict content security policy does.
globalThis.Function = new Proxy(Function, {
  construct() {
    throw new EvalError("code generation from strings disallowed for this context");
  },
});
