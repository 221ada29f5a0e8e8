/** What the product is to reach, and where each aim is read: `[scenario, case, figure]`. */

export const AIMS = [
  { aim: 'CPU per durable delivery in rooms of 100, PostgreSQL counted', unit: 'µs', digits: 2, atMost: 0.9, at: ['b', 'rooms of 100', 'totalMicros'] },
  { aim: 'durable deliveries/s in rooms of 100', unit: '/s', digits: 0, atLeast: 800_000, at: ['b', 'rooms of 100', 'deliveriesPerSecond'] },
  { aim: 'durable sends/s in direct rooms', unit: '/s', digits: 0, atLeast: 20_000, at: ['a', '10 in flight a sender, 100 rooms', 'sendsPerSecond'] },
  { aim: 'acknowledged, validated events/s', unit: '/s', digits: 0, atLeast: 60_000, at: ['d', 'typing', 'eventsPerSecond'] },
  { aim: 'p99 send → ack at 200 sends/s into rooms of 100', unit: 'ms', digits: 2, below: 6, at: ['c', '200 sends/s', 'ackP99Ms'] },
  { aim: 'memory of an idle socket, of 10,000', unit: 'KB', digits: 1, atMost: 16, at: ['e', '10,000 sockets', 'kilobytesPerSocket'] },
  { aim: 'p99 of a history page of 50 in 1,000,000 messages', unit: 'ms', digits: 2, below: 10, at: ['f', 'anywhere in 1,000,000, 16 in flight', 'p99Ms'] },
  { aim: 'history pages/s from PostgreSQL', unit: '/s', digits: 0, atLeast: 9_000, at: ['f', 'anywhere in 1,000,000, 16 in flight', 'perSecond'] },
];
