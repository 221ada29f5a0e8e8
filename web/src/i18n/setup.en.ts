export const setupEn = {
  claim: 'Become administrator',
  outcome: {
    done: 'You are the administrator',
    expired: 'This link has expired',
    taken: 'This server has an administrator',
    unknown: 'This link does not work',
    used: 'This link has been used',
  },
  outcomeText: {
    done: 'You can manage the accounts of this server.',
    expired: 'Restart the server: it prints a new link.',
    taken: 'Ask them to make you one too. Whoever runs the server can also use “npm run admin”.',
    unknown: 'Copy the whole link from what the server printed when it started.',
    used: 'Somebody has become the administrator by it. If that was not you, whoever runs the server can use “npm run admin”.',
  },
  rights: 'An administrator can suspend accounts and make other administrators.',
  signInFirst: 'Create your account first, or sign in. You come back here afterwards.',
  signedInAs: 'You are signed in as {{name}}.',
  tagline: 'This server has no administrator yet.',
  title: 'Set up Atrium',
  toHome: 'Go to start',
};
