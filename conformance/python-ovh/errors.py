"""Refusals by their classes in every style of body, and everything that is no answer of the API."""

import ovh
from ovh.exceptions import ResourceExpiredError
from report import Failure, expect
from run import equal, refused


def run(run):
    for style in ("legacy", "current", "both"):
        with run.setting(errorStyle=style):
            refusals(run, style)
    statuses(run)
    broken(run)


def refusals(run, style):
    """This package tells 403s apart by `errorCode`, which bodies of the current style have not."""
    step = run.report.step
    coded = style != "current"
    client = run.client

    def forbidden(kind, call, code, message):
        error = refused(kind if coded else ovh.APIError, call, message, "SIM.ext-1.")
        body = error.response.json()
        wanted = {"message": message}
        if style != "current":
            wanted |= {"errorCode": code, "httpCode": "403 Forbidden"}
        if style != "legacy":
            wanted |= {"class": "Client::Forbidden"}
        equal(body, wanted)
        equal(run.log()[-1]["verdict"], code)

    with step(f"{style}: a wrong application secret"):
        error = refused(ovh.BadParametersError, lambda: client(application_secret="x" * 32).get("/me"), "Invalid signature")
        equal(error.response.json().get("errorCode"), "INVALID_SIGNATURE" if coded else None)
    with step(f"{style}: an unknown application key"):
        forbidden(ovh.InvalidKey, lambda: client(application_key="x" * 16).get("/me"), "INVALID_KEY", "This application key is invalid")
    with step(f"{style}: an unknown application asks for a consumer key"):
        ask = lambda: client(application_key="x" * 16).request_consumerkey([{"method": "GET", "path": "/me"}])  # noqa: E731
        forbidden(ovh.InvalidKey, ask, "INVALID_KEY", "This application key is invalid")
    with step(f"{style}: an unknown consumer key"):
        forbidden(ovh.NotCredential, lambda: client(consumer_key="x" * 32).get("/me"), "NOT_CREDENTIAL", "This credential does not exist")
    with step(f"{style}: a pending, an expired and a call that is not granted"):
        asking = client(consumer_key=None)
        key = asking.request_consumerkey([{"method": "GET", "path": "/me"}])["consumerKey"]
        forbidden(ovh.InvalidCredential, lambda: asking.get("/me"), "INVALID_CREDENTIAL", "This credential is not valid")
        run.control(f"credentials/{key}/validate")
        forbidden(ovh.NotGrantedCall, lambda: asking.get("/vps"), "NOT_GRANTED_CALL", "This call has not been granted")
        run.control(f"credentials/{key}/expire")
        forbidden(ovh.InvalidCredential, lambda: asking.get("/me"), "INVALID_CREDENTIAL", "This credential is not valid")
    with step(f"{style}: no route, no object, a conflict"):
        refused(ovh.ResourceNotFoundError, lambda: run.admin.get("/nothing"), "Got an invalid (or empty) URL")
        refused(ovh.ResourceNotFoundError, lambda: run.admin.get("/vps/none"), "(serviceName = none)")
        name = run.admin.get("/dedicated/server")[["legacy", "current", "both"].index(style)]
        equal(run.admin.post(f"/dedicated/server/{name}/reboot")["status"], "init")
        refused(ovh.ResourceConflictError, lambda: run.admin.post(f"/dedicated/server/{name}/reboot"), "Action already asked")


def statuses(run):
    step = run.report.step
    with step("too many calls are 429 with the seconds that are left, for one caller alone"):
        key = run.client(consumer_key=None).post(
            "/auth/credential?autoValidate=0", _need_auth=False, accessRules=[{"method": "GET", "path": "/*"}]
        )["consumerKey"]
        other = run.client(consumer_key=key)
        with run.setting(quota={"requests": 3, "seconds": 60}):
            for _ in range(3):
                other.get("/me")
            error = refused(ovh.APIError, lambda: other.get("/me"), "Too many requests")
            equal(error.response.status_code, 429)
            expect(1 <= int(error.response.headers["Retry-After"]) <= 60, "no Retry-After")
            run.admin.get("/me")
            with run.later(61):
                run.client(consumer_key=key).get("/me")
        other.get("/me")
    with step("an expired service is 460"):
        run.fault("GET /vps", kind="status", status=460, message="The service is expired")
        refused(ResourceExpiredError, lambda: run.admin.get("/vps"), "The service is expired")
    with step("other refusals in JSON are told with their message") as told:
        for status in (401, 403, 405, 412, 423, 429, 500, 501, 503, 504):
            run.fault("/me", kind="status", status=status, message=f"it is {status}")
            equal(refused(ovh.APIError, lambda: run.admin.get("/me"), f"it is {status}").response.status_code, status)
        with run.setting(errorStyle="legacy"):
            run.fault("/me", kind="status", status=403, errorCode="FORBIDDEN")
            refused(ovh.Forbidden, lambda: run.admin.get("/me"))
        told.facts = "11 kinds"


def broken(run):
    step = run.report.step
    client = run.admin
    with step("a page of a front end, half a JSON or none is no answer"):
        for fault in ({"kind": "html", "status": 502}, {"kind": "html", "status": 200}, {"kind": "truncate"}, {"kind": "empty"}):
            run.fault("/me", **fault)
            refused(ovh.InvalidResponse, lambda: client.get("/me"), "Failed to decode API response")
    with step("an error whose body is no object breaks this package, not the fake"):
        for body in ("[]", '"x"', "null"):
            run.fault("/me", kind="body", status=403, body=body)
            try:
                client.get("/me")
            except AttributeError:
                continue
            raise Failure(f"{body} was taken for an answer")
    with step("a connection that ends early, in the middle or after the work was done"):
        for kind in ("reset", "cut", "lost-answer"):
            run.fault("PUT /me", kind=kind)
            refused(ovh.HTTPError, lambda: client.put("/me", city=kind), "Low HTTP request failed error")
        equal(client.get("/me")["city"], "lost-answer")
        client.put("/me", city="Roubaix")
    with step("no answer at all is given up by the client"):
        hasty = run.client(timeout=(20, 1))
        hasty.get("/me")
        run.fault("/me", kind="hang")
        refused(ovh.HTTPError, lambda: hasty.get("/me"), "Low HTTP request failed error")
        run.control("faults", method="DELETE")
    with step("an answer byte by byte is whole"):
        run.fault("/me", kind="drip")
        equal(client.get("/me")["currency"]["symbol"], "€")
    with step("a redirect is followed with the signature of the first address, which the second one refuses"):
        run.fault("/me", kind="redirect", location=f"{run.origin}/1.0/vps")
        refused(ovh.BadParametersError, lambda: client.get("/me"), "Invalid signature")
    with step("a delay and a clock that jumps"):
        run.fault("/me", kind="delay", ms=50)
        client.get("/me")
        with run.later(3600):
            refused(ovh.BadParametersError, lambda: client.get("/me"), "Query out of time")
            run.client().get("/me")
        client.get("/me")
