export const peopleEn = {
  directTitle: 'New direct message',
  nobodyText: 'Nobody’s name contains that.',
  nobodyTitle: 'Nobody found',
  search: 'Search people',
  searchHint: 'Name or username',
};
