import { IPipeByte, openCom } from "callfactory";

const CLSID_Pipe = "8d3c5a52-6e0f-4c0b-9d0e-3f6c1c1b7a11";
const com = await openCom({ backend: "emulator" });
com.registerClass({
  clsid: CLSID_Pipe,
  interfaces: [IPipeByte],
  create: ({ sleep }) => ({ Pull: async (count) => (await sleep(100), new Uint8Array(count)) }),
});
const pipe = await com.createInstance(CLSID_Pipe, IPipeByte);
console.log((await pipe.Pull(1024, { timeoutMs: 500 })).length);
await com.close();
