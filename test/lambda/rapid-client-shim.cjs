// Stands for the native HTTP client of aws-lambda-ric (rapid-client.node), so that no C++ has to be built. The rest of it is AWS's own.
const Module = require('node:module')

const load = Module._load
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`
const real = globalThis.fetch
const post = (path, body, headers = {}) => real(base + path, { method: 'POST', body, headers }).then((response) => response.arrayBuffer())

const client = {
  initializeClient() {},
  async next() {
    const response = await real(`${base}next`)
    return { bodyJson: await response.text(), headers: Object.fromEntries(response.headers) }
  },
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body, xray) => post(`${id}/error`, body, { 'Lambda-Runtime-Function-XRay-Error-Cause': xray }),
}

Module._load = function (request, ...rest) {
  return request === './rapid-client.node' ? client : load.call(this, request, ...rest)
}
