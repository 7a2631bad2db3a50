import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const server = process.env.HOTFIT_SERVER ?? "http://127.0.0.1:5000";
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": path("src") } },
  build: {
    outDir: path("../src/hotfit/console/static"),
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: addresses would need an exception in the policy
    target: "es2022",
    modulePreload: { polyfill: false }, // the polyfill is an inline script
    reportCompressedSize: false,
    rolldownOptions: {
      onwarn: (warning, tell) => {
        // marks for servers that render pages, which mean nothing in a bundle
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") tell(warning);
      },
    },
  },
  server: {
    proxy: Object.fromEntries(["/v1", "/connect"].map((one) => [one, { target: server }])),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 120_000,
  },
});
