"""The Python reference's shape, as a peer for the benchmark: one process, FastAPI on uvicorn, Redis behind it.

POST /jobs/submit stores a job as the reference does, command by command: a number from a counter, the job as a JSON document,
its id in a sorted set per app version. GET /jobs/status/{id} reads the document. The handlers are plain functions, as in the
reference: FastAPI runs them on its thread pool, and the client's connection pool serves them all.
"""

import json
import os
import time

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
    document = json.dumps({"status": "queued", "created_at": time.time(), **job.dict()})
    job_id = f"job-{store.incr('jobs')}"
    store.set(job_id, document)
    store.zadd(f"jobs:{job.app_version_id}", {job_id: -job.priority})
    return {"job_id": job_id}


@app.get("/jobs/status/{job_id}")
def status(job_id: str):
    document = store.get(job_id)
    if not document:
        raise HTTPException(status_code=404, detail="Job not found")
    return json.loads(document)
