/**
 * Runs `callback` in a later turn of the event loop, when every promise that can settle has settled.
 *
 * setImmediate where there is one (it costs microseconds where setTimeout costs a millisecond),
 * else a message to oneself.
 */
export const nextTurn: (callback: () => void) => void = chooseNextTurn();

function chooseNextTurn(): (callback: () => void) => void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate !== undefined) return (callback) => void setImmediate(callback);
  return (callback) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(null);
  };
}
