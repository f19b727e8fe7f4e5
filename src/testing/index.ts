export { type FakeClock, fakeClock } from './fake-clock.js'
export { type FakeAnswer, type FakeOptions, type FakeProvider, fakeProvider } from './fake-provider.js'
export { describeProvider } from './describe-provider.js'
export type { DocumentedAnswer, DocumentedError, ProviderProof, TestRunner, UnknownAnswer } from './provider-proof.js'
