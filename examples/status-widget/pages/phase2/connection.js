// @ts-check
import { CryptoWebSocketClient, showConnection } from '../../crypto-websocket-client.js'

/** The live connection: how it stands, and who else is there. */
export function startConnection() {
  const client = new CryptoWebSocketClient()
  showConnection(client)
  client.connect()
  window.addEventListener('pagehide', () => client.close())
  // a page that comes back out of the browser's memory has lost it
  window.addEventListener('pageshow', (event) => event.persisted && client.connect())
}
