import { IPipeLong, openCom } from "callfactory";

const CLSID_Squares = "8d3c5a52-6e0f-4c0b-9d0e-3f6c1c1b7a12";
const com = await openCom({ backend: "emulator", emulator: { clock: "virtual" } });
com.registerClass({
  clsid: CLSID_Squares,
  threadingModel: "Apartment",
  interfaces: [IPipeLong],
  create: ({ sleep }) => ({
    async Pull(count) {
      await sleep(60_000);
      return Int32Array.from({ length: count }, (_, i) => i * i);
    },
    Push: () => {},
  }),
});
const squares = await com.createInstance(CLSID_Squares, IPipeLong);
console.log(await squares.Pull(4), `after ${com.clock.now() / 1000} s`);
squares.release();
await com.expectNoLeaks();
await com.close();
