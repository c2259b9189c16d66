/** Preloaded into every program under test: answers what it has used so far, outside of its own code. */
process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'ask' in message && message.ask === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() });
  }
});
