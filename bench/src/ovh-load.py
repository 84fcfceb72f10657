"""The PyPI client `ovh` under the orders of ovh-load.ts."""

import json
import os
import sys
import threading
import time


def load(get, in_flight, ms):
    begin, before = time.monotonic(), time.process_time()
    counts = [0] * in_flight

    def one(at):
        while time.monotonic() - begin < ms / 1000:
            get()
            counts[at] += 1

    threads = [threading.Thread(target=one, args=(at,)) for at in range(in_flight)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"calls": sum(counts), "seconds": time.monotonic() - begin, "cpuSeconds": time.process_time() - before}


def main():
    settings = json.loads(sys.stdin.readline())
    os.environ["REQUESTS_CA_BUNDLE"] = settings["caFile"]
    import ovh
    import ovh.client

    ovh.client.ENDPOINTS["bench"] = settings["url"] + "/1.0"
    client = ovh.Client(
        endpoint="bench",
        application_key=settings["applicationKey"],
        application_secret=settings["applicationSecret"],
        consumer_key=settings["consumerKey"],
    )
    client.get(settings["path"])
    print("{}", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = load(lambda: client.get(settings["path"]), order["inFlight"], order["ms"])
        print(json.dumps(answer), flush=True)


main()
