/** The suites of `npm run bench -- <suite>`; each is a folder beside this one, and loaded when it is asked for. */

export const SUITE_NAMES = ['chat', 'pages'];

export async function loadSuite(name) {
  const { suite } = await import(`../${name}/index.mjs`);
  return suite;
}
