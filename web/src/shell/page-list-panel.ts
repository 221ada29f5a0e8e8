import { usePanel } from '../ui/use-panel.js';

/** Whether the list of pages stands beside the page that is open. Where it would take the room that the page needs, it does not. */
export const usePageListPanel = (): ReturnType<typeof usePanel> => usePanel('page-list', '(min-width: 1500px)');
