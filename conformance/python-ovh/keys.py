"""Consumer keys: asked for, decided about by a person, used, ended."""

import ovh
from report import expect
from run import equal, refused

BACK = "https://example.com/back"
DAY = 86_400


def run(run):
    step = run.report.step
    with step("a key is asked for without a signature, and is loaded into the client"):
        client, key, answer = asked(run)
        equal(sorted(answer), ["consumerKey", "state", "validationUrl"])
        equal([answer["state"], len(key)], ["pendingValidation", 32])
        expect(answer["validationUrl"].startswith(f"{run.origin}/auth/?credentialToken="), "the page is elsewhere")
        equal(client._consumer_key, key)
    with step("before the validation it opens nothing, but may ask about itself"):
        error = refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
        equal([error.response.status_code, error.response.json()["class"]], [403, "Client::Forbidden"])
        equal(client.get("/auth/currentCredential")["status"], "pendingValidation")
    with step("a person sees on the page what is asked for, authorizes it and is sent back"):
        page = run.browser.get(answer["validationUrl"], timeout=20)
        for word in ("Authorize", "Refuse", "GET /me", "GET /vps/*"):
            expect(word in page.text, f"{word} is not on the page")
        pressed = press(run, answer, action="validate")
        equal([pressed.status_code, pressed.headers["Location"]], [302, BACK])
        equal(press(run, answer, action="refuse").status_code, 409)
    with step("then it opens what its rules say, and nothing else"):
        equal(client.get("/me")["nichandle"], "ab12345-ovh")
        expect(client.get(f"/vps/{client.get('/vps')[0]}/ips"), "a path below is closed")
        for call in (lambda: client.get("/dedicated/server"), lambda: client.put("/me", city="x"), lambda: client.get("/me/api/credential")):
            refused(ovh.APIError, call, "This call has not been granted")
    with step("it may ask about itself without a rule"):
        current = client.get("/auth/currentCredential")
        equal(current["rules"], [{"method": "GET", "path": path} for path in ("/me", "/vps", "/vps/*")])
        equal(client.get("/auth/details")["allowedRoutes"], current["rules"])
    with step("a logout ends it"):
        equal(client.post("/auth/logout"), None)
        refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
    decided(run)
    rules(run)
    owned(run)


def asked(run, *rules, redirect_url=BACK, **more):
    """A client with a new key, the key, and what the API said of it."""
    client = run.client(consumer_key=None)
    request = client.new_consumer_key_request()
    for method, path in rules:
        request.add_rule(method, path)
    if not rules:
        request.add_rules(ovh.API_READ_ONLY, "/me")
        request.add_recursive_rules(ovh.API_READ_ONLY, "/vps")
    answer = request.request(redirect_url=redirect_url, **more)
    return client, answer["consumerKey"], answer


def press(run, answer, **form):
    """A button of the page."""
    return run.browser.post(answer["validationUrl"], data=form, allow_redirects=False, timeout=20)


def decided(run):
    step = run.report.step
    with step("a refused key stays closed"):
        client, key, answer = asked(run, redirect_url=None)
        equal(press(run, answer, action="refuse").status_code, 200)
        refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
        states = {n: run.admin.get(f"/me/api/credential/{n}")["status"] for n in run.admin.get("/me/api/credential", status="refused")}
        equal(set(states.values()), {"refused"})
    with step("a key that a person allows for a day ends after it"):
        client, key, answer = asked(run)
        press(run, answer, action="validate", validity=str(DAY))
        row = client.get("/auth/currentCredential")
        expect(row["expiration"] > row["creation"], f"{row['expiration']} is not after {row['creation']}")
        with run.later(DAY - 60):
            other = run.client(consumer_key=key)
            other.get("/me")
        with run.later(DAY + 60):
            refused(ovh.APIError, lambda: run.client(consumer_key=key).get("/me"), "This credential is not valid")
            run.client().get("/me")
        refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
    with step("tests decide by the fake's own paths"):
        client, key, answer = asked(run)
        equal(run.control(f"credentials/{key}/validate", {"validFor": 3600}), {"status": "validated"})
        client.get("/me")
        equal(run.control(f"credentials/{key}/expire"), {"status": "expired"})
        refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
    with step("a key can become valid by itself"):
        rules = [{"method": "GET", "path": "/me"}]
        answer = run.client(consumer_key=None).post("/auth/credential?autoValidate=0", _need_auth=False, accessRules=rules)
        equal(run.client(consumer_key=answer["consumerKey"]).get("/me")["nichandle"], "ab12345-ovh")
    with step("a key counts from its addresses alone"):
        for block, good in (("127.0.0.0/8", True), ("192.0.2.0/24", False)):
            client, key, answer = asked(run, allowedIPs=[block])
            press(run, answer, action="validate")
            if good:
                client.get("/me")
            else:
                refused(ovh.APIError, lambda: client.get("/me"), "IP address")


def rules(run):
    step = run.report.step
    zone = run.admin.get("/domain/zone")[0]
    with step("stars stand anywhere in a rule, and a star at the end wants something before it"):
        client, key, answer = asked(run, ("get", "/domain/zone/*/record"), ("GET", "/vps/*"))
        press(run, answer, action="validate")
        expect(client.get(f"/domain/zone/{zone}/record"), "no record")
        client.get(f"/vps/{run.admin.get('/vps')[0]}")
        for path in (f"/domain/zone/{zone}", "/domain/zone", "/vps"):
            refused(ovh.APIError, lambda path=path: client.get(path), "has not been granted")
    with step("the recursive rules of this package grant the path and all below it, or everything"):
        for path, wanted in (("/vps/*", ["/vps", "/vps/*"]), ("/", ["/*"])):
            client = run.client(consumer_key=None)
            request = client.new_consumer_key_request()
            request.add_recursive_rules(ovh.API_READ_WRITE_SAFE, path)
            press(run, request.request(), action="validate")
            wish = [{"method": method, "path": one} for one in wanted for method in ("GET", "POST", "PUT")]
            equal(client.get("/auth/currentCredential")["rules"], wish)
            equal(client.get("/vps"), run.admin.get("/vps"))
    with step("a rule of v2 counts with and without its prefix"):
        for path in ("/v2/iam/*", "/iam/*"):
            client, key, answer = asked(run, ("GET", path))
            press(run, answer, action="validate")
            expect(client.get("/v2/iam/resource"), "no resource")
    with step("rules that are none are refused in the words of the API"):
        for bad in ([], [{"method": "PATCH", "path": "/me"}], [{"method": "GET"}], "x"):
            refused(ovh.BadParametersError, lambda bad=bad: run.client(consumer_key=None).request_consumerkey(bad), "isn't formated correctly")


def owned(run):
    step = run.report.step
    with step("the owner lists keys and applications, and revokes a key"):
        client, key, answer = asked(run)
        press(run, answer, action="validate")
        number = client.get("/auth/currentCredential")["credentialId"]
        expect(number in run.admin.get("/me/api/credential", status="validated"), "it is not listed")
        application = run.admin.get(f"/me/api/credential/{number}/application")
        equal(application["applicationKey"], run.settings["application_key"])
        expect("applicationSecret" not in application, "the secret is told")
        equal(run.admin.delete(f"/me/api/credential/{number}"), None)
        refused(ovh.APIError, lambda: client.get("/me"), "This credential is not valid")
    with step("a client without a consumer key refuses to sign before any call"):
        calls = len(run.log())
        refused(ovh.InvalidKey, lambda: run.client(consumer_key="").get("/me"), "Invalid ConsumerKey")
        equal(len(run.log()), calls)
