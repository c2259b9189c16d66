/**
 * What a browser gets that opens the List-Unsubscribe link: the way to the page of the web app that asks first. A GET
 * changes nothing, because programs that look at mail follow every link in it (RFC 8058, section 3).
 */
export function unsubscribePage(token: string): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const address = `/unsubscribe/${encodeURIComponent(token).replaceAll("'", '%27')}`;
  return {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Get fewer mails - TaskFlow</title>
</head>
<body><p><a href="${address}">Get fewer mails</a></p></body>
</html>
`,
  };
}
