/** A JSON object that is text already: large, and the same for many. As the answer of an event it is passed on as it is. */
export class EncodedJson {
  constructor(readonly text: string) {}

  static of(value: object): EncodedJson {
    return new EncodedJson(JSON.stringify(value));
  }

  /** An object with the members, and one more whose value is JSON text. */
  static withMember(members: object, name: string, value: string): EncodedJson {
    const text = JSON.stringify(members);
    return new EncodedJson(`${text.slice(0, -1)}${text === '{}' ? '' : ','}${JSON.stringify(name)}:${value}}`);
  }
}
