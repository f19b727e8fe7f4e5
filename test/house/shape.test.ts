import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { descendants, isData, lines, place, type SourceFile, sources } from './source.js'

const MOST_LINES = 250
const MOST_FUNCTION_LINES = 40

/** The places of all nodes that a rule speaks of. */
const places = (rule: (node: ts.Node, file: SourceFile) => boolean): string[] =>
  sources.flatMap((file) => [...descendants(file.tree)].filter((node) => rule(node, file)).map((node) => `${place(file, node)} ${firstLine(node)}`))

const firstLine = (node: ts.Node): string => node.getText().split('\n', 1)[0]?.slice(0, 80) ?? ''

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isAccessor(node)

/** A factory's body is its provider's definition: an object literal, as long as the provider has endpoints. Functions in it count by themselves. */
const isDefinition = (node: ts.Node): boolean => ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'defineProvider'

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

const isDeclaration = (node: ts.Node): boolean =>
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isVariableStatement(node)

const isDefault = (node: ts.Node): boolean =>
  ts.isExportAssignment(node) || (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))

/** Lines of the definition inside a provider's factory. */
const definition = (node: ts.Node, file: SourceFile): number =>
  file.path.startsWith('providers/') ? Math.max(0, ...[...descendants(node)].filter(isDefinition).map((call) => lines(file, call))) : 0

describe('every file of src', () => {
  it('is kebab-case', () => {
    expect(sources.map(({ path }) => path).filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?\.ts$/.test(path))).toEqual([])
  })

  it(`has at most ${MOST_LINES} lines, data files aside`, () => {
    const long = sources.filter(({ path, text }) => !isData(path) && text.trimEnd().split('\n').length > MOST_LINES)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('has no default export, no enum and no any', () => {
    expect(places((node) => isDefault(node) || ts.isEnumDeclaration(node) || node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([])
  })

  it('silences no check', () => {
    const silenced = sources.filter(({ text }) => /@ts-(ignore|nocheck|expect-error)|(oxlint|eslint)-disable(?!-next-line \S+ -- \S)/.test(text))
    expect(silenced.map(({ path }) => path)).toEqual([])
  })
})

describe('every function of src', () => {
  it(`has at most ${MOST_FUNCTION_LINES} lines, a provider's definition aside`, () => {
    expect(places((node, file) => isFunction(node) && lines(file, node) - definition(node, file) > MOST_FUNCTION_LINES)).toEqual([])
  })
})

describe('every exported name of src', () => {
  it('is documented', () => {
    const bare = places((node) => isDeclaration(node) && isExported(node) && ts.getJSDocCommentsAndTags(node).length === 0)
    expect(bare).toEqual([])
  })
})
