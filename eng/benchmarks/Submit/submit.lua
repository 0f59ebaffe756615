-- The challenge's own example job; the reference takes the same members.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"org_id":"qualgent","app_version_id":"xyz123","test_path":"tests/onboarding.spec.js","priority":5,"target":"emulator"}'
