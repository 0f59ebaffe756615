#!lua flags=allow-oom
-- Tells what stands before a place in the queue: in its group, in its organisation, and in others that want the same devices.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 run  3 index of one of its jobs, or their number: behind all of them
-- Returns: JSON of what WaitFacts.cs explains, or '' when the run is unknown
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "job_of"
--- @include "org_ahead"
--- @include "policy"
--- @include "rivals"
--- @include "room"
--- @include "typical"
--- @include "visits"

local run, index = ARGV[2], tonumber(ARGV[3])
local org, app, class, group, score, planned, ordered = unpack(redis.call('HMGET', K.run(run), 'org', 'app', 'class', 'group', 'score', 'planned', 'ordered'))
if not org then return '' end
local last = index == tonumber(planned)
if last then index = index - 1 end
local job = job_of(run, index)
local rank = ordered and not last and redis.call('GETRANGE', K.order(run), 12 * index, 12 * index + 3) or index
local place = redis.call('HGET', K.job(job), 'score') or score + rank / 2048
local ahead = 0
for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
  ahead = ahead + redis.call('ZCOUNT', K.ready(lane), '-inf', string.format('(%.17g', place))
end
local bound = redis.call('SCARD', K.bound(group))
local ready = group_work(group)
local estimate_ms, install_ms = typical(group, org)
local weight, cap = unpack(redis.call('HMGET', K.org(org), 'weight', 'cap'))
local avoid, avoid_until_ms = unpack(redis.call('HMGET', K.job(job), 'avoid', 'avoid_until_ms'))
local devices = redis.call('SCARD', K.org_devices(org))
local paused = redis.call('SMISMEMBER', K.paused, '*', org, org .. '|' .. app)
local facts = {
  now_ms = now_ms,
  due_ms = tonumber(redis.call('ZSCORE', K.delayed, job) or 0),
  ahead = ahead, ready = ready, bound = bound, estimate_ms = estimate_ms, install_ms = install_ms,
  room = room(group, bound, POLICY.theta_idle), room_busy = room(group, bound, POLICY.theta_busy),
  free_ms = visits(group, estimate_ms, install_ms), warm = redis.call('ZCARD', K.warm(org .. '|' .. app)),
  condemned = redis.call('ZSCORE', K.condemned, group) and true or false,
  avoids = avoid and tonumber(avoid_until_ms) > now_ms and avoid or nil,
  org_devices = devices, org_weight = tonumber(weight or 1), org_cap = tonumber(cap or -1),
  paused_pool = paused[1] == 1, paused_org = paused[2] == 1, paused_build = paused[3] == 1,
  on_duty = redis.call('SCARD', K.class_devices(class)), idle = redis.call('ZCARD', K.idle(class)) + redis.call('SCARD', K.called(group)),
  org = org_ahead(org, class, group), rivals = rivals(org, class),
}
return cjson.encode(facts)
