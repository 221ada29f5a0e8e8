/** The words of the components in ui/. */
export const uiEn = {
  cancel: 'Cancel',
  clear: 'Clear',
  close: 'Close',
  loading: 'Loading',
  save: 'Save',
  somethingWentWrong: 'Something went wrong',
  tryAgain: 'Try again',
};
