// Sets the colour scheme before the first paint, so that a dark page never flashes white. A file of its own
// because the content security policy allows no inline scripts.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('taskflow-color-scheme');
  } catch {
    // Storage may be forbidden; then the system's choice counts.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
