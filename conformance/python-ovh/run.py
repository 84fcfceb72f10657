"""What all parts share: clients of the fake, its control paths, and refusals."""

from contextlib import contextmanager

import ovh
import ovh.client
import requests
from report import Failure, Report, expect

# This package knows endpoints by name alone, so one of its names gets the address of the fake.
ENDPOINT = "ovh-eu"


class Run:
    def __init__(self, settings):
        self.settings = settings
        self.report = Report()
        self.browser = requests.Session()
        self.origin = settings["endpoint"].removesuffix("/1.0")
        ovh.client.ENDPOINTS[ENDPOINT] = settings["endpoint"]
        ovh.client.OAUTH2_TOKEN_URLS[ENDPOINT] = settings["token_url"]
        self.admin = self.client()

    def client(self, **more):
        """A client with the keys of the account, unless told."""
        names = ("application_key", "application_secret", "consumer_key")
        options = {**{name: self.settings[name] for name in names}, "endpoint": ENDPOINT, "timeout": 20, **more}
        return ovh.Client(**options)

    def service_account(self, client_id=None, client_secret=None):
        settings = self.settings
        pair = (client_id or settings["client_id"], client_secret or settings["client_secret"])
        return ovh.Client(endpoint=ENDPOINT, client_id=pair[0], client_secret=pair[1], timeout=20)

    def control(self, part, body=None, method="POST"):
        """The fault panel and the switches of the fake, which are no part of the API."""
        answer = self.browser.request(method, self.settings["control"] + part, json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def fault(self, target, times=1, **fault):
        self.control("faults", {"target": target, "fault": fault, "times": times})

    def log(self):
        """All calls so far, oldest first."""
        return self.control("log", method="GET")

    def count(self, target):
        return sum(1 for entry in self.log() if entry["target"] == target)

    @contextmanager
    def setting(self, **settings):
        self.control("settings", settings)
        try:
            yield
        finally:
            self.control("settings", {"errorStyle": "current", "quota": None, "keysValidFor": None, "tokenLifetime": None})

    @contextmanager
    def later(self, seconds):
        """The fake's clock is ahead for a while."""
        self.control("clock", {"advance": seconds})
        try:
            yield
        finally:
            self.control("clock", {"advance": -seconds})


def refused(kind, call, *words):
    """The error that the package raises: of exactly this class, with these words in its text."""
    try:
        result = call()
    except ovh.APIError as error:
        expect(type(error) is kind, f"raised {type(error).__name__}, not {kind.__name__}: {error}")
        for word in words:
            expect(word in str(error), f"{word!r} is not in: {error}")
        return error
    raise Failure(f"answered {result!r}, not refused with {kind.__name__}")


def equal(got, wanted):
    expect(got == wanted, f"{got!r} is not {wanted!r}")
