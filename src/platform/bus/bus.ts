/** A group of messages that nodes exchange. */
export type Topic = 'entries' | 'volatile' | 'access' | 'presence' | 'rights';

/**
 * How nodes of a cluster hear of each other. Messages may be lost, doubled or late: the bus is a hint, the database is the truth.
 * A node does not hear itself.
 */
export abstract class Bus {
  /** A longer message is not sent (`publish` throws): say less, and let the others look in the database. */
  abstract readonly maxMessageBytes: number;
  /** False while messages may be passing unheard. */
  abstract readonly isUp: boolean;
  /** True when there is nobody else, so that nothing needs to be said. */
  abstract readonly isLocal: boolean;

  abstract publish(topic: Topic, message: string): void;
  abstract subscribe(topic: Topic, listener: (message: string) => void): void;
  /** `listener` runs whenever the bus is up again after an outage. */
  abstract onUp(listener: () => void): void;
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;
}
