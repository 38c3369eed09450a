import type { Incoming } from "./apartment.ts";

/** What waits to be let into an STA. What was sent with SendMessage overtakes what was posted (INP-01). */
export class IncomingQueue {
  readonly #posted = new Fifo();
  readonly #sent = new Fifo();

  push(incoming: Incoming): void {
    const isSent = incoming.call?.origin.category === "input-synchronous";
    (isSent ? this.#sent : this.#posted).push(incoming);
  }

  take(): Incoming | undefined {
    return this.#sent.take() ?? this.#posted.take();
  }

  takeSent(): Incoming | undefined {
    return this.#sent.take();
  }

  takeAll(): Incoming[] {
    return [...this.#sent.takeAll(), ...this.#posted.takeAll()];
  }
}

class Fifo {
  readonly #items: Incoming[] = [];
  /** Where the queue begins: shift() would move all that is behind it. */
  #head = 0;

  push(incoming: Incoming): void {
    this.#items.push(incoming);
  }

  take(): Incoming | undefined {
    if (this.#head === this.#items.length) return undefined;
    const incoming = this.#items[this.#head++] as Incoming;
    if (this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return incoming;
  }

  takeAll(): Incoming[] {
    const items = this.#items.splice(0).slice(this.#head);
    this.#head = 0;
    return items;
  }
}
