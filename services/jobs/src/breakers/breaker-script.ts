/**
 * The rules of `stepCircuits` (resilience), as a script that changes one scope in one step. A property test holds the
 * two against each other; whoever changes one changes both.
 *
 * KEYS: the scope, the index of scopes (sorted by when they are forgotten), the gates, the modes. ARGV: the scope's
 * name, settings, events, the channel for changes, and for tests the time.
 *
 * A scope is JSON: `c` circuits by code (mode, kind, n failures in a row, since, last failure, opened, probe, lease,
 * cooldown), `w` runs by second (s successes, f failures by code). Time is that of Redis, the one clock of all
 * workers; events say how long ago they happened.
 */
export const applyEventsScript = `
local scope, settings, events = ARGV[1], cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local now
if ARGV[5] ~= '' then
  now = tonumber(ARGV[5])
else
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local stored = redis.call('GET', KEYS[1])
local group = stored and cjson.decode(stored) or { c = {}, w = {} }
local transitions, granted = {}, 0

local function stateOf(circuit)
  if circuit.mode == 'open' or circuit.mode == 'closed' then return circuit.mode end
  return circuit.kind
end

local function newCircuit()
  return { mode = 'auto', kind = 'closed', n = 0, since = 0, last = 0, opened = 0, probe = 0, lease = 0, cooldown = 0 }
end

local function count(code)
  local runs, failures = 0, 0
  for _, second in pairs(group.w) do
    runs = runs + second.s
    for failed, times in pairs(second.f) do
      runs = runs + times
      if failed == code then failures = failures + times end
    end
  end
  return runs, failures
end

local function codes()
  local names = {}
  for code in pairs(group.c) do names[#names + 1] = code end
  table.sort(names)
  return names
end

local function changed(code, from, cause)
  local circuit = group.c[code]
  local _, failures = count(code)
  transitions[#transitions + 1] = cjson.encode({
    code = code, from = from, to = stateOf(circuit), cause = cause, failures = failures,
    cooldownMs = circuit.kind == 'open' and circuit.cooldown or 0
  })
end

local function settle(circuit)
  circuit.kind, circuit.n, circuit.since = 'closed', 0, 0
  circuit.opened, circuit.probe, circuit.lease, circuit.cooldown = 0, 0, 0, 0
end

local function close(code, cause)
  local circuit = group.c[code]
  local from = stateOf(circuit)
  settle(circuit)
  changed(code, from, cause)
  for _, second in pairs(group.w) do second.f[code] = nil end
end

local function probeTime(cooldown, random)
  return now + cooldown + math.floor(cooldown * 0.1 * random)
end

local function openAgain(code, random, cause)
  local circuit = group.c[code]
  local from = stateOf(circuit)
  circuit.cooldown = math.min(circuit.cooldown * 2, settings.maxCooldownMs)
  circuit.kind, circuit.lease, circuit.probe = 'open', 0, probeTime(circuit.cooldown, random)
  changed(code, from, cause)
end

local function giveProbeUp(onlyLost, cause)
  for _, code in ipairs(codes()) do
    local circuit = group.c[code]
    if circuit.kind == 'half-open' and (not onlyLost or circuit.lease <= now) then
      circuit.kind, circuit.probe, circuit.lease = 'open', math.min(circuit.lease, now), 0
      changed(code, 'half-open', cause)
    end
  end
end

local function countRun(at, successes, code)
  local second = math.floor(at / 1000)
  if second <= math.floor(now / 1000) - 60 then return end
  local name = string.format('%.0f', second)
  local runs = group.w[name] or { s = 0, f = {} }
  runs.s = runs.s + successes
  if code then runs.f[code] = (runs.f[code] or 0) + 1 end
  group.w[name] = runs
end

local function gate()
  local first, forced, probe, lease, since, gated = nil, false, 0, nil, nil, {}
  for _, code in ipairs(codes()) do
    local circuit = group.c[code]
    local opened
    if circuit.mode == 'open' then
      forced, opened = true, 0
    elseif circuit.mode == 'auto' and circuit.kind ~= 'closed' then
      opened = circuit.opened
      since = math.min(since or circuit.since, circuit.since)
      if circuit.kind == 'half-open' then lease = circuit.lease else probe = math.max(probe, circuit.probe) end
    end
    if opened then
      gated[#gated + 1] = { code = code, state = stateOf(circuit) }
      if not first or opened < first.opened then first = { code = code, opened = opened } end
    end
  end
  if not first then return nil end
  local answer = { code = first.code, leaseEndsAtMs = lease, failingSinceMs = since, circuits = gated }
  if not forced and not lease then answer.probeAtMs = probe end
  return answer
end

local function succeeded(event)
  local at = now - event.ageMs
  countRun(at, event.count)
  for _, code in ipairs(codes()) do
    local circuit = group.c[code]
    if circuit.mode == 'auto' or circuit.mode == 'observe' then
      if circuit.kind == 'closed' then
        if at >= circuit.last then circuit.n, circuit.since = 0, 0 end
      elseif event.isProbe then
        close(code, 'probe-succeeded')
      elseif circuit.mode == 'observe' and circuit.kind == 'open' and at >= circuit.probe then
        close(code, 'trial-succeeded')
      end
    end
  end
end

local function openIfFailing(code, random)
  local circuit = group.c[code]
  local runs, failures = count(code)
  local isRow = circuit.n >= settings.failureThreshold
  if not isRow and (failures < settings.failureThreshold or failures * 2 < runs) then return end
  if not isRow then circuit.since = math.min(circuit.since, now - 60000) end
  circuit.kind, circuit.opened, circuit.cooldown = 'open', now, settings.cooldownMs
  circuit.probe = probeTime(circuit.cooldown, random)
  changed(code, 'closed', isRow and 'failures-in-a-row' or 'failures-in-a-minute')
end

local function failed(event)
  local at, code = now - event.ageMs, event.code
  countRun(at, 0, code)
  if event.isProbe then
    for _, other in ipairs(codes()) do
      local circuit = group.c[other]
      local isAsked = circuit.kind == 'half-open' or (circuit.kind == 'open' and circuit.probe <= now)
      if circuit.mode == 'auto' and isAsked then openAgain(other, event.random, 'probe-failed') end
    end
  end
  local circuit = group.c[code] or newCircuit()
  group.c[code] = circuit
  circuit.last = math.max(circuit.last, at)
  if circuit.mode == 'open' or circuit.mode == 'closed' then return end
  if circuit.kind == 'closed' then
    circuit.n = circuit.n + 1
    circuit.since = circuit.since == 0 and at or math.min(circuit.since, at)
    openIfFailing(code, event.random)
  elseif circuit.mode == 'observe' and circuit.kind == 'open' and at >= circuit.probe then
    openAgain(code, event.random, 'trial-failed')
  end
end

local function takeProbe()
  local closedGate = gate()
  if not closedGate or not closedGate.probeAtMs or closedGate.probeAtMs > now then return end
  for _, code in ipairs(codes()) do
    local circuit = group.c[code]
    if circuit.mode == 'auto' and circuit.kind == 'open' then
      circuit.kind, circuit.lease, circuit.probe = 'half-open', now + settings.probeLeaseMs, 0
      changed(code, 'open', 'probe-sent')
    end
  end
  granted = 1
end

local function setMode(code, mode)
  local circuit = group.c[code] or newCircuit()
  if circuit.mode == mode then return end
  local from = stateOf(circuit)
  group.c[code] = circuit
  circuit.mode = mode
  if mode == 'closed' then
    settle(circuit)
  elseif circuit.kind == 'half-open' then
    circuit.kind, circuit.probe, circuit.lease = 'open', now, 0
  end
  if mode == 'auto' then
    redis.call('HDEL', KEYS[4], scope .. ':' .. code)
  else
    redis.call('HSET', KEYS[4], scope .. ':' .. code, mode)
  end
  changed(code, from, 'mode-' .. mode)
end

for _, event in ipairs(events) do
  for second in pairs(group.w) do
    if tonumber(second) <= math.floor(now / 1000) - 60 then group.w[second] = nil end
  end
  giveProbeUp(true, 'probe-lost')
  if event.kind == 'succeeded' then succeeded(event)
  elseif event.kind == 'history' then countRun(now - event.ageMs, event.count)
  elseif event.kind == 'failed' then failed(event)
  elseif event.kind == 'probe-taken' then takeProbe()
  elseif event.kind == 'probe-returned' then giveProbeUp(false, 'probe-returned')
  elseif event.kind == 'reset' then if group.c[event.code] then close(event.code, 'reset') end
  elseif event.kind == 'mode' then setMode(event.code, event.mode)
  end
  for _, code in ipairs(codes()) do
    local circuit = group.c[code]
    if circuit.mode == 'auto' and circuit.kind == 'closed' and circuit.n == 0 then
      local _, failures = count(code)
      if failures == 0 then group.c[code] = nil end
    end
  end
  if next(group.c) == nil then group.w = {} end
end

-- A row of failures is remembered for a day, an open circuit that nobody probes for a week, a decision for good.
local isClean, ttl = next(group.c) == nil, 61000
for _, circuit in pairs(group.c) do
  if circuit.mode ~= 'auto' then ttl = math.max(ttl, 31536000000)
  elseif circuit.kind ~= 'closed' then ttl = math.max(ttl, 604800000)
  elseif circuit.n > 0 then ttl = math.max(ttl, 86400000) end
end
local closedGate = gate()
local gateBefore, gateAfter = redis.call('HGET', KEYS[3], scope), closedGate and cjson.encode(closedGate) or false
if isClean then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], scope)
else
  redis.call('SET', KEYS[1], cjson.encode(group), 'PX', ttl)
  redis.call('ZADD', KEYS[2], now + ttl, scope)
end
if gateAfter then
  redis.call('HSET', KEYS[3], scope, gateAfter)
elseif gateBefore then
  redis.call('HDEL', KEYS[3], scope)
end
if gateBefore ~= gateAfter or (not stored) ~= isClean then redis.call('PUBLISH', ARGV[4], scope) end
return { granted, isClean and 0 or 1, gateAfter, transitions }
`;

/**
 * What all workers must know: the time, scopes that have failures, gates and modes. Forgets scopes whose time is up.
 * KEYS: the index of scopes, the gates, the modes. ARGV: for tests the time.
 */
export const readBreakersScript = `
local now
if ARGV[1] ~= '' then
  now = tonumber(ARGV[1])
else
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local forgotten = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000)
if #forgotten > 0 then
  redis.call('ZREM', KEYS[1], unpack(forgotten))
  redis.call('HDEL', KEYS[2], unpack(forgotten))
end
return {
  string.format('%.0f', now), redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('HGETALL', KEYS[2]),
  redis.call('HGETALL', KEYS[3])
}
`;
