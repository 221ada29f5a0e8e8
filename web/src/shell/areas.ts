import { LayoutTemplate, type LucideIcon, MessagesSquare } from 'lucide-react';
import { paths } from './paths.js';

export interface Area {
  readonly id: 'chat' | 'pages';
  /** Its list. */
  readonly href: string;
  readonly icon: LucideIcon;
  readonly isAt: (path: string) => boolean;
}

/** The parts of the product, as the rail shows them. */
export const AREAS: readonly Area[] = [
  { id: 'chat', href: paths.home, icon: MessagesSquare, isAt: (path) => path === paths.home || path.startsWith('/rooms/') },
  { id: 'pages', href: paths.pages, icon: LayoutTemplate, isAt: (path) => path === paths.pages || path.startsWith(`${paths.pages}/`) },
];

/** The area of an address; the first one for an address of none. */
export function areaOf(path: string): Area {
  return AREAS.find(({ isAt }) => isAt(path)) ?? AREAS[0]!;
}
