// Next wants a default export. A name of its own, so that the checks of this repository don't take it for theirs.
export default { typescript: { tsconfigPath: 'tsconfig.next.json' } }
