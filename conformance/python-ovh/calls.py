"""Signed calls: time, verbs, versions, queries, bodies, headers, pages, threads."""

import json
from concurrent.futures import ThreadPoolExecutor

import ovh
from report import expect
from run import equal, refused

DAY = 86_400


def run(run):
    step = run.report.step
    client = run.admin
    with step("the time of the server is asked once, and its skew is made up for") as told:
        fresh, before = run.client(), run.count("/1.0/auth/time")
        expect(abs(fresh.time_delta - DAY) <= 2, f"the delta is {fresh.time_delta}")
        for _ in range(3):
            fresh.get("/me")
        equal(run.count("/1.0/auth/time") - before, 1)
        told.facts = f"{fresh.time_delta} s"
    with step("a timestamp counts within 180 s and no further"):
        for away in (-170, 170):
            fresh._time_delta = DAY + away
            fresh.get("/me")
        for away in (-DAY, -200, 200):
            fresh._time_delta = DAY + away
            refused(ovh.BadParametersError, lambda: fresh.get("/me"), "Query out of time")
    verbs(run, client)
    queries(run, client)
    bodies(run, client)
    pages(run, client)
    with step("100 calls in 8 threads, all signed well") as told:
        names = client.get("/dedicated/server")
        clients = [run.client() for _ in range(4)]
        read = lambda n: clients[n % 4].get(f"/dedicated/server/{names[n % len(names)]}")["name"]  # noqa: E731
        with ThreadPoolExecutor(8) as threads:
            equal(list(threads.map(read, range(100))), [names[n % len(names)] for n in range(100)])
        told.facts = f"{len(names)} servers"


def verbs(run, client):
    step = run.report.step
    zone = client.get("/domain/zone")[0]
    with step("POST, GET, PUT and DELETE of a record of a zone"):
        record = client.post(f"/domain/zone/{zone}/record", fieldType="A", subDomain="conformance", target="192.0.2.1", ttl=60)
        path = f"/domain/zone/{zone}/record/{record['id']}"
        equal(client.get(path)["target"], "192.0.2.1")
        equal(client.put(path, target="192.0.2.2", ttl=0), None)
        equal({name: client.get(path)[name] for name in ("target", "ttl")}, {"target": "192.0.2.2", "ttl": 0})
        equal(client.delete(path), None)
        refused(ovh.ResourceNotFoundError, lambda: client.get(path), "does not exist")
    with step("/1.0, /v1 and /v2"):
        equal(client.get("/v1/me"), client.get("/me"))
        equal(client.get("/v1/auth/details")["account"], "ab12345-ovh")
        equal(client.get("/v2/iam/policy")[0]["name"], "ovh-default")
        refused(ovh.ResourceNotFoundError, lambda: client.get("/v2/me"), "invalid (or empty) URL")
    with step("/v10/... is cut to the server's root by this package, and is no path of the API"):
        refused(ovh.ResourceNotFoundError, lambda: client.get("/v10/me"), "invalid (or empty) URL")
    with step("a call without authentication carries the application key alone"):
        equal(type(client.get("/auth/time", _need_auth=False)), int)
        equal(client.get("/vps.json", _need_auth=False)["resourcePath"], "/vps")
        catalogue = client.get("/order/catalog/public/vps", _need_auth=False, ovhSubsidiary="FR")
        equal(catalogue["locale"]["currencyCode"], "EUR")
        error = refused(ovh.APIError, lambda: client.get("/me", _need_auth=False), "You must login first")
        equal(error.response.status_code, 401)


def queries(run, client):
    step = run.report.step
    with step("booleans, numbers and null in a query"):
        equal(len(client.get("/ip", isAdditionalIp=True, version=4)), 5)
        equal(len(client.get("/ip?version=6", isAdditionalIp=False)), 30)
        equal(len(client.get("/vps", iamTags=None)), 8)
    with step("spaces, plus, percent and letters of all kinds in a query"):
        block = client.get("/ip", type="failover")[0]
        path = f"/ip/{block.replace('/', '%2F')}"
        for text in ("two words", "a+b", "50% & more", "façade €", "日本 😀", "~*'()!", "=?#"):
            client.put(path, description=text)
            equal(client.get("/ip", description=text), [block])
    with step("JSON in a query"):
        tags = {"env": [{"operator": "EQ", "value": "prod"}]}
        names = client.get("/dedicated/server", iamTags=json.dumps(tags))
        expect(0 < len(names) < 30, f"{len(names)} servers")
        equal({client.get(f"/dedicated/server/{name}")["iam"]["tags"]["env"] for name in names}, {"prod"})
    with step("a name with a dot, and a key twice"):
        name = client.get("/dedicated/server")[0]
        expect(len(client.get("/ip", **{"routedTo.serviceName": name})) >= 2, "the blocks of a server are missing")
        kinds = client.get("/v2/iam/resource?resourceType=vps&resourceType=vrack")
        equal({row["type"] for row in kinds}, {"vps", "vrack"})
    with step("a list as an argument is sent as Python writes it, and finds nothing"):
        equal(client.get("/v2/iam/resource", resourceType=["vps", "vrack"]), [])
    with step("an argument with an underscore is the word of Python"):
        refused(ovh.BadParametersError, lambda: client.get("/me", _from="x"), "(from)")
        refused(ovh.BadParametersError, lambda: client.post("/domain/zone/a/refresh", _from="x", _to="y"), "(_to, from)")
    with step("a path that requests writes otherwise than this package signs is refused") as told:
        odd = ["/vps/a b", "/vps/é", "/vps/a|b", "/vps/a%2fb/../c", "/vps/../me", "/vps/%zz", '/vps?iamTags={"k":1}']
        for path in odd:
            refused(ovh.BadParametersError, lambda path=path: client.get(path), "Invalid signature")
        told.facts = f"{len(odd)} paths"


def bodies(run, client):
    step = run.report.step
    with step("letters of all kinds in a body"):
        for city in ("Orléans", "日本 😀", 'a "b" \\ \n', "\u2028"):
            equal(client.put("/me", city=city), None)
            equal(client.get("/me")["city"], city)
        client.put("/me", city="Roubaix")
    with step("null, booleans, numbers and objects in a body"):
        path = f"/dedicated/server/{client.get('/dedicated/server')[0]}"
        client.put(path, monitoring=False, rescueMail="a@example.com", bootId=22)
        client.put(path, rescueMail=None)
        row = client.get(path)
        equal([row["monitoring"], row["rescueMail"], row["bootId"]], [False, None, 22])
        renew = {"automatic": False, "deleteAtExpiration": True, "forced": False, "period": 3}
        client.put(f"{path}/serviceInfos", renew=renew)
        equal(client.get(f"{path}/serviceInfos")["renew"], renew)
    with step("no body"):
        zone = client.get("/domain/zone")[0]
        equal(client.post(f"/domain/zone/{zone}/refresh"), None)
        equal(client.put("/me"), None)
    with step("what a body may not hold is refused by name"):
        refused(ovh.BadParametersError, lambda: client.put("/me", city=5), "not valid for parameter city of type string")
        refused(ovh.BadParametersError, lambda: client.put("/me", town="Lille"), "not described parameters: (town)")
        refused(ovh.BadParametersError, lambda: client.post(f"/domain/zone/{zone}/record", target="x"), "Missing parameter: fieldType")


def pages(run, client):
    step = run.report.step
    with step("cursors of v2 lead through a whole list without repeats") as told:
        for size in ("7", "1", "5000"):
            urns = [row["urn"] for row in walk(client, "/v2/iam/resource", size)]
            expect(len(urns) == len(set(urns)) > 50, f"{len(urns)} rows, {len(set(urns))} of them different")
        equal(len(client.get("/v2/iam/resource")), 25)
        told.facts = f"{len(urns)} resources"
    with step("a cursor of other filters is invalid"):
        cursor = page(client, "/v2/iam/resource", "5").headers["X-Pagination-Cursor-Next"]
        answer = page(client, "/v2/iam/resource?resourceType=vps", "5", cursor)
        equal([answer.status_code, answer.json()["message"]], [400, "invalid cursor"])
    with step("a list of v1 as objects, sorted, by its headers"):
        wish = {"X-Pagination-Mode": "CachedObjectList-Pages", "X-Pagination-Size": "4", "X-Pagination-Sort": "name", "X-Pagination-Number": "2"}
        answer = client.raw_call("GET", "/dedicated/server", headers=wish)
        equal(answer.headers["X-Pagination-Elements"], "30")
        equal([row["name"] for row in answer.json()], sorted(client.get("/dedicated/server"))[4:8])
    with step("several ids at once, one of them missing"):
        first, second = client.get("/vps")[:2]
        items = client.raw_call("GET", f"/vps/{first},none,{second}", headers={"X-Ovh-Batch": ","}).json()
        equal([item["key"] for item in items], [first, "none", second])
        equal([item["value"] and item["value"]["name"] for item in items], [first, None, second])
    with step("raw_call gives the headers of the server, and lets nobody override the signature"):
        answer = client.raw_call("GET", "/me", headers={"X-Ovh-Signature": "x", "X-Ovh-Application": "x"})
        equal(answer.status_code, 200)
        expect(answer.headers["X-OVH-QUERYID"].startswith("SIM.ext-1."), "no query id")
        equal(answer.headers["Cache-Control"], "no-cache, no-store")


def page(client, path, size, cursor=None):
    headers = {"X-Pagination-Size": size} if cursor is None else {"X-Pagination-Size": size, "X-Pagination-Cursor": cursor}
    return client.raw_call("GET", path, headers=headers)


def walk(client, path, size):
    cursor = None
    while True:
        answer = page(client, path, size, cursor)
        yield from answer.json()
        cursor = answer.headers.get("X-Pagination-Cursor-Next")
        if cursor is None:
            return
