-- A run of 1,000 tests.
local tests = {}
for i = 1, 1000 do tests[i] = '"tests/' .. i .. '.spec.ts"' end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"org_id":"qualgent","app_version_id":"xyz123","tests":[' .. table.concat(tests, ",") .. "]}"
