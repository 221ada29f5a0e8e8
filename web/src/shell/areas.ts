import { type LucideIcon, MessagesSquare } from 'lucide-react';
import { paths } from './paths.js';

/** The parts of the product, as the rail shows them. */
export const AREAS: readonly { id: 'chat'; href: string; icon: LucideIcon; isAt: (path: string) => boolean }[] = [
  { id: 'chat', href: paths.home, icon: MessagesSquare, isAt: (path) => path === paths.home || path.startsWith('/rooms/') },
];
