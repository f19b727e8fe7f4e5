/**
 * Writes a small classifier of texts, a real ONNX model with its tokenizer, into test/fixtures/models/feedmux/tiny-tone: the logits of a text are the sum
 * of the logits of its words plus a bias, so that what it must say can be worked out by hand. For tests without a network; of no other use.
 *
 *   node scripts/make-model.mjs           writes the files
 *   node scripts/make-model.mjs --check   exit code 1 when they are not what this script writes
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/fixtures/models/feedmux/tiny-tone/', import.meta.url))

const labels = ['negative', 'neutral', 'positive']
/** Logits of each label for a word of this kind, and for a text without any. */
const logits = { bias: [0, 1, 0], good: [-1.5, -0.5, 2], bad: [2, -0.5, -1.5], unknown: [0, 0, 0] }
const words = {
  unknown: ['[PAD]', '[UNK]'],
  good: ['adoption', 'approved', 'bullish', 'gains', 'rally', 'record', 'surges'],
  bad: ['bearish', 'crash', 'exploit', 'hacked', 'lawsuit', 'losses', 'plunges'],
}
const vocabulary = Object.values(words).flat()
const weights = Object.entries(words).flatMap(([kind, list]) => list.flatMap(() => logits[kind]))

/** Protocol Buffers: a number of variable length; a field that holds one; a field that holds bytes, a text or a message. */
function varint(value) {
  const bytes = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field, value) => {
  const content = Buffer.from(value)
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content])
}
const message = (field, ...parts) => bytes(field, Buffer.concat(parts))

/** Numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const FLOAT = 1
const INT64 = 7
const INT = 2
const OPERATORS = 17

const tensor = (name, type, shape, values) =>
  message(5, ...shape.map((size) => number(1, size)), number(2, type), bytes(8, name), bytes(9, rawOf(type, values)))
const rawOf = (type, values) => Buffer.from((type === FLOAT ? Float32Array.from(values) : BigInt64Array.from(values, BigInt)).buffer)
const size = (of) => message(1, typeof of === 'string' ? bytes(2, of) : number(1, of))
const value = (field, name, type, shape) => message(field, bytes(1, name), message(2, message(1, number(1, type), message(2, ...shape.map(size)))))
const attribute = ([name, content]) => message(5, bytes(1, name), number(3, content), number(20, INT))
const node = (operator, inputs, output, attributes = {}) =>
  message(1, ...inputs.map((input) => bytes(1, input)), bytes(2, output), bytes(4, operator), ...Object.entries(attributes).map(attribute))

const graph = message(
  7,
  node('Gather', ['words', 'input_ids'], 'each', { axis: 0 }),
  node('Cast', ['attention_mask'], 'mask', { to: FLOAT }),
  node('Unsqueeze', ['mask', 'last'], 'column'),
  node('Mul', ['each', 'column'], 'counted'),
  node('ReduceSum', ['counted', 'middle'], 'sum', { keepdims: 0 }),
  node('Add', ['sum', 'bias'], 'logits'),
  bytes(2, 'tiny-tone'),
  tensor('words', FLOAT, [vocabulary.length, labels.length], weights),
  tensor('bias', FLOAT, [labels.length], logits.bias),
  tensor('last', INT64, [1], [2]),
  tensor('middle', INT64, [1], [1]),
  value(11, 'input_ids', INT64, ['batch', 'length']),
  value(11, 'attention_mask', INT64, ['batch', 'length']),
  value(12, 'logits', FLOAT, ['batch', labels.length]),
)
const model = Buffer.concat([number(1, 8), bytes(2, 'feedmux'), graph, message(8, bytes(1, ''), number(2, OPERATORS))])

const config = {
  architectures: ['DistilBertForSequenceClassification'],
  model_type: 'distilbert',
  id2label: Object.fromEntries(labels.entries()),
  label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
  pad_token_id: 0,
}
const tokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  model_max_length: 16,
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  model_input_names: ['input_ids', 'attention_mask'],
}
const special = (content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })
const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: words.unknown.map(special),
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])), unk_token: '[UNK]' },
}

const json = (content) => Buffer.from(`${JSON.stringify(content, null, 2)}\n`)
const files = {
  'config.json': json(config),
  'tokenizer.json': json(tokenizer),
  'tokenizer_config.json': json(tokenizerConfig),
  'onnx/model.onnx': model,
}

const checks = process.argv.includes('--check')
for (const [name, content] of Object.entries(files)) {
  const file = `${folder}${name}`
  if (existsSync(file) && readFileSync(file).equals(content)) continue
  if (checks) {
    console.error(`${name} is not what scripts/make-model.mjs writes`)
    process.exitCode = 1
    continue
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}
