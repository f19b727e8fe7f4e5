export { redisStore, type RedisStoreOptions } from './redis-store.js'
export type { IoredisLike, NodeRedisLike, RedisClient } from './client.js'
