"""A command line of the Python reference's shape, as a peer for the benchmark: parse, one POST, print the job id.

It speaks the reference's own route, which QualGent's API serves too, so both command lines talk to the same server.
"""

import argparse
import json
import os
import sys


def post_with_requests(url, body):
    import requests

    response = requests.post(url, json=body, timeout=30)
    response.raise_for_status()
    return response.json()


def post_with_urllib(url, body):
    import urllib.request

    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def main():
    parser = argparse.ArgumentParser(prog="qgjob")
    commands = parser.add_subparsers(dest="command", required=True)
    submit = commands.add_parser("submit", help="queue a test")
    submit.add_argument("--org-id", required=True)
    submit.add_argument("--app-version-id", required=True)
    submit.add_argument("--test", required=True)
    submit.add_argument("--priority", type=int, default=5)
    submit.add_argument("--target", default="emulator", choices=["emulator", "device", "browserstack"])
    submit.add_argument("--urllib", action="store_true", help="use the standard library instead of requests")
    args = parser.parse_args()
    body = {
        "org_id": args.org_id,
        "app_version_id": args.app_version_id,
        "test_path": args.test,
        "priority": args.priority,
        "target": args.target,
    }
    post = post_with_urllib if args.urllib else post_with_requests
    answer = post(os.environ["QUALGENT_API_URL"].rstrip("/") + "/jobs/submit", body)
    print(f"Job submitted: {answer['job_id']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
