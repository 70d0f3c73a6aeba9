import { defineConfig } from "vite";

export default defineConfig({
  // An origin is exact: another port would be another page.
  server: { host: "localhost", port: 5173, strictPort: true, fs: { allow: [".", "../../.cache/npm"] } },
});
