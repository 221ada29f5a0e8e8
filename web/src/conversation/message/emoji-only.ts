/** More of them are a picture that somebody drew, which looks best in its own size. */
const MAX_EMOJI = 6;
const ALL_EMOJI = /^(?:\p{RGI_Emoji}|\s)+$/v;
const EMOJI = /\p{RGI_Emoji}/gv;

/** One to six emoji and nothing else. */
export function isEmojiOnly(content: string): boolean {
  // The longest emoji sequences have some 35 code units.
  if (content.length > MAX_EMOJI * 40 || !ALL_EMOJI.test(content)) return false;
  const count = content.match(EMOJI)?.length ?? 0;
  return count > 0 && count <= MAX_EMOJI;
}
