// Before the first paint, so that a theme chosen against the system's does not flash: in the page, and not in the bundle, which comes after it.
// The choice is kept by src/ui/theme.ts.
{
  const theme = localStorage.getItem('atrium:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
