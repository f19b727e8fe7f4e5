export { type FakeClock, fakeClock } from './fake-clock.js'
export { type FakeAnswer, type FakeOptions, type FakeProvider, fakeProvider } from './fake-provider.js'
