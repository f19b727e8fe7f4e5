export { type DailySeries, forecaster, type ForecastModel, type ForecastOptions, type Projection } from '../provider/derived/forecasting.js'
