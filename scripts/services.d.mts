/** A program that some tests need beside Node. */
export interface Service {
  readonly name: string
  readonly commands: readonly string[]
  readonly packages: readonly string[]
  /** Pattern of the tests that need it. */
  readonly tests: string
}
/** All that are known. */
export const services: readonly Service[]
/** The first of the named programs on the PATH, or an empty text. */
export function which(...names: readonly string[]): string
/** Installs what the tests at hand need and lack, or says which tests are left out; gives whether all are there. */
export function prepareServices(wanted?: readonly Service[]): Promise<boolean>
