import { defineInterface, IUnknown, LONG, method, param } from "@callfactory/core";

/** An interface to ask for another one. */
export const IWhole = defineInterface({
  name: "IWhole",
  iid: "6b1f9a52-3c0e-4d8b-9f7a-2d54c1e0a101",
  base: IUnknown,
  methods: [method("Size", [param.retval("size", LONG)])],
});

/** The other interface of the same object. */
export const IPart = defineInterface({
  name: "IPart",
  iid: "6b1f9a52-3c0e-4d8b-9f7a-2d54c1e0a102",
  base: IUnknown,
  methods: [method("Part", [param.retval("part", LONG)])],
});
