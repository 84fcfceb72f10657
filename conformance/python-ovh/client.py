"""Drives the fake OVHcloud API with the PyPI package ovh, unmodified. Ends with 0 when every step passed.

The settings come as one JSON object on standard input, so that no key stands in the list of processes:
endpoint, token_url, application_key, application_secret, consumer_key, client_id, client_secret, control (the fake's own paths), ca_file (whom to trust).
"""

import json
import os
import sys

# No file and no variable of this machine may steer the client; the package reads HOME when it is loaded.
os.environ["HOME"] = os.getcwd()
os.environ["NO_PROXY"] = "127.0.0.1"
for name in [name for name in os.environ if name.startswith("OVH_")]:
    del os.environ[name]

settings = json.load(sys.stdin)
os.environ["REQUESTS_CA_BUNDLE"] = settings["ca_file"]

import calls  # noqa: E402
import configuration  # noqa: E402
import errors  # noqa: E402
import inventory  # noqa: E402
import keys  # noqa: E402
import service_accounts  # noqa: E402
from run import Run  # noqa: E402

if __name__ == "__main__":
    run = Run(settings)
    for part in (configuration, calls, keys, errors, service_accounts, inventory):
        part.run(run)
    sys.exit(1 if run.report.failed else 0)
