import { describe, expect, it } from 'vitest'
import { fromCsv, type HttpDefinition, loadConfig, type ProviderEntry, toCsv } from '../../src/config/index.js'

const entries: (ProviderEntry | HttpDefinition)[] = [
  { id: 'binance', priority: 1, weight: 30, enabled: true },
  { id: 'okx', hosts: ['https://a.test', 'https://b.test'], limits: [{ requests: 5, perMs: 1_000, scope: 'ip' }], enabled: false },
  { id: 'acme', name: '=HYPERLINK("x"), "quoted"', baseUrl: 'https://api.acme.test', endpoints: { ticker: { path: '{base}', map: { last: 'p' } } } },
]

describe('CSV', () => {
  it('goes out and comes in again as it was', async () => {
    const { entries: read, report } = await fromCsv(await toCsv(entries))
    expect(report.errors).toEqual([])
    expect(read).toEqual(entries)
    expect((await loadConfig({ providers: read })).providers.map(({ id }) => id)).toEqual(['binance', 'okx', 'acme'])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('keeps a spreadsheet from taking %j for a formula', async (name) => {
    const csv = await toCsv([{ ...(entries[2] as HttpDefinition), name }])
    expect(csv).toMatch(/(^|,|")'[=+\-@\t]/m)
    expect(csv).not.toMatch(/(^|,|")[=+@\t]/m)
  })

  it('reports bad rows by their place, refuses keys, and reads the others', async () => {
    const { entries: read, report } = await fromCsv('id,priority,limits,apiKey\nbinance,1,,\nkrakn,1,,\nokx,high,,\ncoincap,2,[{,SECRETSECRET\n\n')
    expect(read).toEqual([
      { id: 'binance', priority: 1 },
      { id: 'coincap', priority: 2 },
    ])
    expect(report.errors.map(({ path }) => path)).toEqual(['rows[3].limits', 'rows[1].id', 'rows[2].priority'])
    expect(report.warnings.map(({ path }) => path)).toEqual(['rows[3].apiKey'])
    expect(JSON.stringify([read, report])).not.toContain('SECRET')
  })

  it('reads legacy lists', async () => {
    const { entries: read, report } = await fromCsv(
      'id,name,category,base_url,requires_auth,priority,weight\nhuobi,Huobi,exchange,https://api.huobi.pro,false,8,80\nx,No address,nft,,false,5,50\n',
    )
    expect(read).toEqual([{ id: 'htx', priority: 3, weight: 80 }])
    expect(report.errors.map(({ message }) => message)).toEqual(['base_url expected'])
  })

  it('says that a list is too long, rather than to lose its end quietly', async () => {
    const { report } = await fromCsv(`id\n${Array.from({ length: 10_001 }, (_, i) => `nobody-${i}`).join('\n')}\n`)
    expect(report.errors[0]).toEqual({ path: 'rows', message: 'only the first 10000 are read' })
  })
})
