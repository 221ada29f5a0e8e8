/** A JSON object that is text already: large, and the same for many. As the answer of an event or a route it is passed on as it is. */
export class EncodedJson {
  constructor(readonly text: string) {}

  static of(value: object): EncodedJson {
    return new EncodedJson(JSON.stringify(value));
  }

  /** An object with the members, and one more whose value is JSON text. */
  static withMember(members: object, name: string, value: string): EncodedJson {
    return new EncodedJson(append(JSON.stringify(members), name, value));
  }

  /** With one more member, at the end. */
  with(name: string, value: unknown): EncodedJson {
    return new EncodedJson(append(this.text, name, JSON.stringify(value)));
  }
}

function append(object: string, name: string, value: string): string {
  return `${object.slice(0, -1)}${object === '{}' ? '' : ','}${JSON.stringify(name)}:${value}}`;
}
