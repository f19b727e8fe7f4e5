import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url))
const special = ['integration', 'examples', 'package', 'edge', 'lambda', 'house', 'types', 'redis', 'browser']

/** One more than there are cores: some of these wait. */
const together = { sequence: { groupOrder: 2 }, maxWorkers: 3 }

export default defineConfig({
  // the names that users write, for examples and fixtures; order matters
  resolve: {
    alias: [
      { find: /^feedmux$/, replacement: source('index.ts') },
      { find: /^feedmux\/(providers|testing|sentiment|config|forecasting|http-api|redis|telemetry)$/, replacement: source('$1/index.ts') },
      { find: /^feedmux\/((?:providers|strategies)\/.+)$/, replacement: source('$1.ts') },
    ],
  },
  test: {
    environment: 'node',
    maxWorkers: '100%', // by default one core stays idle
    restoreMocks: true,
    expect: { poll: { timeout: 10_000 } }, // what takes 50 ms alone takes seconds beside a browser, a build and a packed install
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      { extends: true, test: { name: 'unit', testTimeout: 20_000, include: ['test/**/*.test.ts'], exclude: special.map((folder) => `test/${folder}/**`) } },
      // these measure times on loopback: one after the other, with nothing beside them
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/{exit,failover,load}.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
        },
      },
      // these wait more than they work: servers, browsers, Redis, a whole minute of limits
      {
        extends: true,
        test: {
          name: 'loopback',
          include: ['test/{examples,redis,browser}/**/*.test.ts', 'test/integration/**/*.test.ts'],
          exclude: ['test/integration/{exit,failover,load}.test.ts'],
          ...together,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // these use the packed tarball, installed into an empty project
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/{package,edge,lambda}/**/*.test.ts'],
          ...together,
          globalSetup: ['test/support/pack.ts', 'test/support/nodes.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // the rules of the house
      { extends: true, test: { name: 'house', include: ['test/house/**/*.test.ts'], ...together, testTimeout: 180_000 } },
      { extends: true, test: { name: 'types', include: [], typecheck: { enabled: true, only: true, checker: 'tsc', include: ['test/types/**/*.test-d.ts'] } } },
    ],
  },
})
