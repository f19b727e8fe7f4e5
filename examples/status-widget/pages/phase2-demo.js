// @ts-check
import { startCards } from './phase2/cards.js'
import { startChart } from './phase2/chart.js'
import { startConnection } from './phase2/connection.js'
import { startEndpointTests } from './phase2/endpoint-tests.js'
import { startMovers } from './phase2/movers.js'
import { startPortfolio } from './phase2/portfolio.js'
import { startSearch } from './phase2/search.js'
import { startSimulation } from './phase2/simulation.js'
import { startTraffic } from './phase2/traffic.js'

// Parts stand alone: one that fails leaves the others.
const chart = startChart()
startCards()
const search = startSearch((symbol) => chart.show(symbol))
startMovers((symbol) => {
  chart.show(symbol)
  search.show(symbol)
})
startPortfolio()
startEndpointTests()
startSimulation(startTraffic())
startConnection()
