"""The Python reference's shape, as a peer for the benchmark: one process, FastAPI on uvicorn, Redis behind it.

POST /jobs/submit stores the job as a hash and pushes it into a sorted set per app version; GET /jobs/status/{id} reads the
hash. The handlers are plain functions, as in the reference: FastAPI runs them on its thread pool, and the client's connection
pool serves them all. Both writes travel in one MULTI/EXEC, which is one round trip fewer than the reference needs.
"""

import os
import time
import uuid

import redis
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
store = redis.Redis.from_url(os.environ["BENCH_REDIS_URL"], decode_responses=True)


class Job(BaseModel):
    org_id: str
    app_version_id: str
    test_path: str
    target: str
    priority: int = 0
    retries: int = 0


@app.post("/jobs/submit")
def submit(job: Job):
    job_id = f"job-{uuid.uuid4().hex}"
    priority = min(max(job.priority, 0), 9)
    with store.pipeline(transaction=True) as pipeline:
        pipeline.hset(f"job:{job_id}", mapping={**job.dict(), "priority": priority, "status": "queued", "created_at": time.time()})
        pipeline.zadd(f"jobs:{job.app_version_id}", {job_id: -priority})
        pipeline.execute()
    return {"job_id": job_id}


@app.get("/jobs/status/{job_id}")
def status(job_id: str):
    job = store.hgetall(f"job:{job_id}")
    if not job:
        raise HTTPException(status_code=404, detail="Job not found")
    return {"job_id": job_id, **job}
