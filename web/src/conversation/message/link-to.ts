import { absoluteUrl } from '../../shell/base-path.js';
import { paths } from '../../shell/paths.js';

/** Leads to a message of a room. */
export function linkTo(roomId: string, seq: number): string {
  return absoluteUrl(`${paths.room(roomId)}?m=${seq}`);
}
