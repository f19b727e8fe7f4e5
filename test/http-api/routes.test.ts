import { build } from 'esbuild'
import { describe, expect, it, vi } from 'vitest'
import { allRoutes, matcherAt } from '../../src/http-api/routes.js'

const routes = await allRoutes()

describe('routes', () => {
  it('are each found in the area that its path begins like', async () => {
    for (const route of routes) {
      const found = (await matcherAt(route.path)).find(route.method, route.path)
      expect(found.route, `${route.method} ${route.path}`).toBe(route)
    }
  })

  it('are each there once', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(['/nowhere', '/api', '', '//', '/api/', '/healthy', '/api/stats/export/more'])('does not take %j for one of them', async (path) => {
    expect((await matcherAt(path)).has(path)).toBe(false)
  })

  it('are looked for in a path of thousands of parts with as few looks as in a short one', () => {
    const looks = vi.spyOn(Map.prototype, 'get')
    void matcherAt('/nowhere/a/b/c/d')
    const few = looks.mock.calls.length
    void matcherAt(`/nowhere${'/a'.repeat(30_000)}`)
    expect(few).toBeGreaterThan(0)
    expect(looks.mock.calls.length).toBe(2 * few)
  })

  it('load late: who makes a handler has neither zod nor a schema in memory', async () => {
    const { metafile } = await build({
      entryPoints: ['src/http-api/index.ts'],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'neutral',
      packages: 'external',
      outdir: 'unused',
      write: false,
      metafile: true,
    })
    const loaded = new Set(Object.keys(metafile.outputs).filter((path) => metafile.outputs[path]?.entryPoint === 'src/http-api/index.ts'))
    const importsOf = (path: string) => metafile.outputs[path]?.imports ?? []
    for (const one of loaded) for (const { path, kind } of importsOf(one)) if (kind === 'import-statement') loaded.add(path)
    const files = [...loaded].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}))
    expect(files).toContain('src/http-api/create-handler.ts')
    expect(files.filter((file) => file.includes('http-api/routes/') || file.endsWith('fields.ts'))).toEqual([])
    expect([...loaded]).not.toContain('zod')
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))).toContain('zod')
  })
})
