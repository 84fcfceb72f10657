"""OAuth2: tokens of service accounts."""

import ovh
from ovh.exceptions import OAuth2FailureError
from report import expect, wait_for
from run import equal, refused

TOKEN = "/auth/oauth2/token"


def run(run):
    step = run.report.step
    with step("one token serves many calls, of v1 and v2"):
        before = run.count(TOKEN)
        client = run.service_account()
        equal(client.get("/me")["nichandle"], "ab12345-ovh")
        equal(client.get("/v2/iam/policy")[0]["name"], "ovh-default")
        client.put("/me", city="Roubaix")
        equal(run.count(TOKEN) - before, 1)
    with step("its identity is told, and no consumer key"):
        details = client.get("/v1/auth/details")
        equal(details["method"], "oauth2")
        expect(any(f"/oauth2-{run.settings['client_id']}" in one for one in details["identities"]), "its identity is missing")
        refused(ovh.BadParametersError, lambda: client.get("/auth/currentCredential"), "consumer key")
    with step("a token that ends is fetched anew"):
        with run.setting(tokenLifetime=1):
            brief = run.service_account()
            brief.get("/me")
            before = run.count(TOKEN)
            wait_for("a second token", lambda: again(run, brief), lambda count: count > before, interval_s=0.1)
    with step("a token that the server forgets is not noticed by this package"):
        with run.later(3700):
            error = refused(ovh.APIError, lambda: client.get("/me"), "access token is invalid")
            equal(error.response.status_code, 401)
            expect(run.service_account().get("/me"), "a new one does not count")
    with step("a wrong secret and an unknown id are told as they are told"):
        for pair in ((None, "wrong"), ("nobody", None)):
            before = len(run.log())
            refused(OAuth2FailureError, lambda: run.service_account(*pair).get("/me"), "invalid_client", "Invalid client")
            equal(len(run.log()) - before, 1)
    with step("a token endpoint that fails says with what"):
        run.fault(TOKEN, kind="html", status=503)
        refused(OAuth2FailureError, lambda: run.service_account().get("/me"), "status_code=503", "Service Unavailable")
        run.fault(TOKEN, kind="html", status=200)
        refused(OAuth2FailureError, lambda: run.service_account().get("/me"), "invalid body")
    with step("an action that IAM does not allow is named"):
        path = f"clients/{run.settings['client_id']}"
        run.control(path, {"actions": ["vps:*"]})
        try:
            able = run.service_account()
            expect(able.get("/vps"), "an action that is allowed is refused")
            error = refused(ovh.APIError, lambda: able.get("/dedicated/server"), "User not granted for this request")
            equal(error.response.json()["details"]["unauthorizedActionsByIAM"], "dedicatedServer:apiovh:get")
        finally:
            run.control(path, {"actions": ["*"]})
    with step("a service account is made, used and deleted by the API"):
        body = {"callbackUrls": [], "flow": "CLIENT_CREDENTIALS", "name": "conformance", "description": "made by a client"}
        made = run.admin.post("/me/api/oauth2/client", **body)
        row = run.admin.get(f"/me/api/oauth2/client/{made['clientId']}")
        expect(row["identity"].endswith(f"/oauth2-{made['clientId']}"), f"its identity is {row['identity']}")
        expect("clientSecret" not in row, "the secret is told")
        account = run.service_account(made["clientId"], made["clientSecret"])
        account.get("/me")
        run.admin.delete(f"/me/api/oauth2/client/{made['clientId']}")
        refused(ovh.APIError, lambda: account.get("/me"), "access token is invalid")


def again(run, client):
    """This package keeps no margin: for a moment it sends a token that the server has already let go."""
    try:
        client.get("/me")
    except ovh.APIError as error:
        equal(error.response.status_code, 401)
    return run.count(TOKEN)
