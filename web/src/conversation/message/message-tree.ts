/** A piece of a line. */
export type Inline =
  | string
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | Link;

export interface Link {
  readonly kind: 'link';
  readonly href: string;
  readonly children: readonly Inline[];
  /** Where it leads, when its words name another place. */
  readonly host?: string;
}

/** A part of a message that has lines of its own. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | List
  | { readonly kind: 'code'; readonly text: string };

export interface List {
  readonly kind: 'list';
  /** Of a numbered list: its first number. */
  readonly start?: number;
  readonly items: readonly (readonly Block[])[];
}

/** Without the parser, and for what it can make nothing of. */
export function asWritten(content: string): Block[] {
  return [{ kind: 'paragraph', children: [content] }];
}

/** What somebody reads of it, without the marks: a line for each line. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n');
}

export function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.children.map(inlineText).join('');
    case 'quote':
      return plainText(block.children);
    case 'list':
      return block.items.map((item, index) => `${block.start === undefined ? '•' : `${block.start + index}.`} ${plainText(item)}`).join('\n');
    case 'code':
      return block.text;
  }
}

export function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return inline;
  return inline.kind === 'code' ? inline.text : inline.children.map(inlineText).join('');
}
