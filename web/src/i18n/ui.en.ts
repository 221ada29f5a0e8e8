/** The words of the components in ui/. */
export const uiEn = {
  cancel: 'Cancel',
  clear: 'Clear',
  close: 'Close',
  imageFrom: 'Image from {{host}}',
  loading: 'Loading',
  save: 'Save',
  showImage: 'Show image',
  showImages: 'Show images',
  somethingWentWrong: 'Something went wrong',
  tryAgain: 'Try again',
};
