import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const apiUrl = process.env['TASKFLOW_API_URL'] ?? 'http://127.0.0.1:8000';
const port = Number(process.env['PORT'] ?? 5173);
const proxy = { '/api': { target: apiUrl } };

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', port, strictPort: true, proxy },
  preview: { host: '127.0.0.1', port, strictPort: true, proxy },
  build: {
    target: 'es2024',
    manifest: true,
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
