/**
 * Takes a call out of all windows of one key, or nothing; gives in how many ms there is room: 0 where it was taken, −1 where there never is. By the time of
 * the server, so that processes whose clocks differ count alike.
 *
 * A rolling window is kept in 32 steps. A step counts until the last call that it can hold is out of the window: never more than the limit in any span, up
 * to a 32nd of it less. KEYS: one hash, field `window/step`. ARGV: cost, requests, and per window its name, kind, limit, span in ms and how it resets.
 */
export const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local DAY, STEPS = 86400000, 32

-- first day of the month that a day is in, both counted from 1970: the proleptic Gregorian calendar in years that begin in March
local function month(days)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  return days - (doy - math.floor((153 * mp + 2) / 5))
end

local held, all = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local name, step = string.match(all[i], '^(.*)/(%d+)$')
  if name then
    held[name] = held[name] or {}
    held[name][tonumber(step)] = tonumber(all[i + 1])
  end
end

local cost, requests = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait, life, adds, dead = 0, 0, {}, {}
for i = 3, #ARGV, 5 do
  local name, limit, span, resets = ARGV[i], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4]
  local take = ARGV[i + 1] == 'requests' and requests or cost
  if take > limit then return -1 end
  local used, live, current = 0, {}, nil
  local size, stays = span / STEPS, span
  local first, last
  if resets == 'rolling' then
    current = math.floor(now / size)
  else
    local today = math.floor(now / DAY)
    first = resets == 'utc-month' and month(today) or today
    last = resets == 'utc-month' and month(first + 31) or today + 1
    current = first
    stays = (last - first) * DAY
  end
  for step, count in pairs(held[name] or {}) do
    local gone
    if resets == 'rolling' then
      gone = (step + 1) * size + span - now
    else
      gone = step >= first and last * DAY - now or 0
    end
    if gone > 0 then
      used = used + count
      live[#live + 1] = { gone, count }
    else
      dead[#dead + 1] = name .. '/' .. string.format('%.0f', step)
    end
  end
  local over = used + take - limit
  if over > 1e-9 then -- sums of fractions are a little off
    table.sort(live, function(a, b) return a[1] < b[1] end)
    local room = 0
    for _, one in ipairs(live) do
      over = over - one[2]
      room = one[1]
      if over <= 1e-9 then break end
    end
    wait = math.max(wait, room)
  end
  adds[#adds + 1] = { name .. '/' .. string.format('%.0f', current), take }
  life = math.max(life, 2 * stays)
end
if wait > 0 then return math.ceil(wait) end

for i = 1, #dead, 100 do redis.call('HDEL', KEYS[1], unpack(dead, i, math.min(i + 99, #dead))) end
for _, add in ipairs(adds) do redis.call('HINCRBYFLOAT', KEYS[1], add[1], add[2]) end
if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], math.ceil(life)) end
return 0
`
