/** Marks of beginning and end, which a model adds. */
const MARKS = 2

/**
 * A text cut to so many tokens of a model whose tokenizer is not at hand: counted high, so that no text is refused. A token per three letters or digits
 * of a word, and per byte of anything else; English words take 1.3 tokens on average.
 */
export function cut(text: string, maxTokens: number): string {
  let left = maxTokens - MARKS
  let end = 0
  // a word without end is taken in pieces
  for (const { 0: piece, index } of text.matchAll(/[A-Za-z0-9]{1,24}|[^\sA-Za-z0-9]/gu)) {
    left -= tokensOf(piece)
    if (left < 0) return text.slice(0, end)
    end = index + piece.length
  }
  return text
}

const tokensOf = (piece: string): number => (/^[A-Za-z0-9]/.test(piece) ? Math.ceil(piece.length / 3) : bytesOf(piece.codePointAt(0) ?? 0))
const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4)
