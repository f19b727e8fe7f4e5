import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** One file of `src`, parsed. */
export interface SourceFile {
  /** `pipeline/breaker.ts` */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

/** What a file refers to, by import, export … from, import() or a type's import(). */
interface Import {
  /** `model/result.ts` for a file of ours, else the package: `ky`, `node:fs`. */
  readonly target: string
  readonly own: boolean
  /** Gone when it is compiled. */
  readonly typeOnly: boolean
}

/** Everything under `src`. */
export const sources: readonly SourceFile[] = globSync('src/**/*.ts').toSorted().map(parse)

/** A file's data: ids, tables of assets, hosts. Long by nature. */
export const isData = (path: string): boolean => path.endsWith('.assets.ts') || path === 'model/assets.ts'

/** All nodes below, depth first. */
export function* descendants(node: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child)
  })
  for (const child of children) {
    yield child
    yield* descendants(child)
  }
}

/** `src/pipeline/breaker.ts:12` */
export function place({ path, tree }: SourceFile, node: ts.Node): string {
  return `src/${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`
}

/** Lines from the first to the last of a node, comments before it aside. */
export function lines({ tree }: SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line - tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

function parse(file: string): SourceFile {
  const path = file.replaceAll('\\', '/').slice('src/'.length)
  const text = readFileSync(file, 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return { path, text, tree, imports: [...descendants(tree)].flatMap((node) => importOf(node, path)) }
}

function importOf(node: ts.Node, path: string): Import[] {
  const specifier = specifierOf(node)
  if (specifier === undefined) return []
  const own = specifier.startsWith('.')
  const target = own ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts') : specifier.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*).*$/, '$1')
  return [{ target, own, typeOnly: isTypeOnly(node) }]
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return textOf(node.arguments[0])
  return undefined
}

function textOf(node: ts.Node | undefined): string {
  // a computed specifier could be anything: it fails every rule
  return node && ts.isStringLiteralLike(node) ? node.text : `computed: ${node?.getText() ?? ''}`
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  return ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}
