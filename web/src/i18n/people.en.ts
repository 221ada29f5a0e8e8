export const peopleEn = {
  addSearch: 'Search people by name',
  addHint: 'Type a name to find people.',
  addNone: 'Nobody of that name.',
  addOne: 'Add',
  addLabel: 'Add {{name}}',
  added: 'Added',
  isMember: 'Already a member',
  directTitle: 'New direct message',
  nobodyText: 'Nobody’s name contains that.',
  nobodyTitle: 'Nobody found',
  search: 'Search people',
  searchHint: 'Name or username',
};
