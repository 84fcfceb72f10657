"""Drives the fake CloudStack with the PyPI package cs, unmodified. Ends with 0 when every step passed.

The settings come as one JSON object on standard input, so that no key stands in the list of processes:
endpoint, control (the fake's own paths), key and secret of the root admin, pool (folder of the volumes).
"""

import json
import sys
import urllib.request

from cs import CloudStack, CloudStackApiException, CloudStackException

import backups
import machines
from report import Report, expect

MASKED = "Internal error executing command, please contact your system administrator"


class Run:
    def __init__(self, settings):
        self.settings = settings
        self.report = Report()
        self.admin = self.client()

    def client(self, key=None, secret=None, **more):
        settings = self.settings
        options = {"poll_interval": 0.1, "job_timeout": 30, "timeout": 10, **more}
        return CloudStack(settings["endpoint"], key=key or settings["key"], secret=secret or settings["secret"], **options)

    def control(self, part, body=None, method="PUT"):
        """The fault panel and the switches of the fake, which are no part of CloudStack."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.settings["control"] + part, data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def all(self):
        self.signing()
        self.lists()
        self.accounts()
        machines.run(self)
        backups.run(self)
        self.errors()
        self.faults()
        return 1 if self.report.failed else 0

    def signing(self):
        step = self.report.step
        with step("version 3 with expires, by GET") as told:
            told.facts = self.admin.listCapabilities()["capability"]["cloudstackversion"]
        with step("version 3 with expires, by POST"):
            expect(self.client(method="post").listZones()["count"] == 1, "there is not one zone")
        with step("version 2 without expires"):
            expect(self.client(expiration=-1).listZones()["count"] == 1, "there is not one zone")
        with step("characters that must be encoded are signed alike"):
            for text in ("a b+c*d", "naïve €", "50% & <more>", "ä/ö?ü=#"):
                self.admin.listVirtualMachines(keyword=text, listall=True)
        with step("a tilde, which this client does not encode, is refused as the server refuses it"):
            refused(lambda: self.admin.listVirtualMachines(keyword="a~b"), 401)
        with step("a wrong secret, an unknown key and a past expires are refused"):
            refused(self.client(secret="wrong").listZones, 401)
            refused(self.client(key="nobody").listZones, 401)
            refused(lambda: self.admin.listZones(signatureVersion="3", expires="2020-01-01T00:00:00+0000"), 401)
        with step("with enforced timestamps version 3 counts, version 2 does not, and a change must be a POST"):
            self.control("settings", {"enforceTimestamps": True})
            try:
                self.admin.listZones()
                refused(self.client(expiration=-1).listZones, 401)
                refused(self.client(expiration=16 * 60).listZones, 401)
                refused(lambda: self.admin.createTags(resourceids="x", resourcetype="UserVm", tags={"key": "a", "value": "b"}), 400)
            finally:
                self.control("settings", {"enforceTimestamps": False})

    def lists(self):
        step = self.report.step
        with step("a list of several pages is whole and without repeats") as told:
            rows = self.admin.listVirtualMachines(listall=True, fetch_list=True, details="min")
            count = self.admin.listVirtualMachines(listall=True, page=1, pagesize=1)["count"]
            expect(len(rows) == count == len({row["id"] for row in rows}), f"{len(rows)} rows of {count}")
            expect(count > 500, "one page was enough")
            told.facts = f"{count} instances"
        with step("a page of any size gives the same"):
            rows = self.admin.listVolumes(listall=True, fetch_list=True, pagesize=99)
            expect(len({row["id"] for row in rows}) == self.admin.listVolumes(listall=True, page=1)["count"], "volumes are missing")
        with step("a page past the end has the count and no items"):
            expect(list(self.admin.listVirtualMachines(listall=True, page=99, pagesize=500)) == ["count"], "it has more")
        with step("an empty list is an empty object"):
            expect(self.admin.listVirtualMachines(name="nosuch") == {}, "it is not")
            expect(self.admin.listVirtualMachines(name="nosuch", fetch_list=True) == [], "it is not")
        with step("listApis names the commands with their parameters") as told:
            apis = {api["name"]: api for api in self.admin.listApis()["api"]}
            expect(apis["startBackup"]["isasync"], "startBackup is not asynchronous")
            expect("blankinstance" in {param["name"] for param in apis["deployVirtualMachine"]["params"]}, "a parameter is missing")
            told.facts = f"{len(apis)} commands"

    def accounts(self):
        step = self.report.step
        with step("key pairs are made by a job and add to the old ones") as told:
            alice = self.admin.listUsers(username="alice", listall=True)["user"][0]
            old = self.admin.getUserKeys(id=alice["id"])["userkeys"]
            made = self.admin.registerUserKeys(id=alice["id"], fetch_result=True)["userkeys"]
            for pair in (old, made):
                expect(self.client(pair["apikey"], pair["secretkey"]).listZones()["count"] == 1, "a pair does not count")
            expect(made["apikey"] != old["apikey"], "the pair is the old one")
            self.alice = self.client(made["apikey"], made["secretkey"])
            told.facts = f"of {alice['username']}"
        with step("an ordinary account sees its own instances, without hosts"):
            rows = self.alice.listVirtualMachines(fetch_list=True)
            expect(rows and {row["account"] for row in rows} == {"alice"}, "it sees others'")
            expect(not any("hostid" in row or "instancename" in row for row in rows), "it sees hosts")
            refused(self.alice.listHosts, 432)

    def errors(self):
        step = self.report.step
        with step("a missing parameter and an unknown id are 431"):
            refused(self.admin.startVirtualMachine, 431)
            refused(lambda: self.admin.startVirtualMachine(id="00000000-0000-0000-0000-000000000000"), 431)
        with step("an unknown or misspelt command is 401 with a key"):
            refused(self.admin.startWonders, 401)
            refused(self.admin.listzones, 401)
        with step("the reason of 530 is for root admins"):
            vm = self.alice.listVirtualMachines(page=1, pagesize=1)["virtualmachine"][0]
            expect(MASKED not in refused(lambda: self.admin.updateVirtualMachine(id=vm["id"], extraconfig="x"), 530), "it is masked")
            expect(MASKED in refused(lambda: self.alice.updateVirtualMachine(id=vm["id"], extraconfig="x"), 530), "it is told")
        with step("the limit of calls of an account is 429, not for root admins"):
            self.control("settings", {"throttle": {"max": 3, "intervalMs": 60_000}})
            try:
                for _ in range(3):
                    self.alice.listZones()
                refused(self.alice.listZones, 429)
                for _ in range(5):
                    self.admin.listZones()
            finally:
                self.control("settings", {"throttle": None})

    def faults(self):
        step = self.report.step
        with step("a list whose answer is lost or reset is repeated by the client"):
            for kind in ("lost-answer", "reset"):
                self.control("faults", {"command": "listZones", "fault": {"kind": kind}})
                expect(self.client(retry=2, retry_backoff=0.05).listZones()["count"] == 1, f"{kind} was not repeated")
        with step("a page of a proxy is no answer"):
            self.control("faults", {"command": "listZones", "fault": {"kind": "status", "status": 503}})
            try:
                self.admin.listZones()
            except CloudStackException as error:
                expect(error.response.status_code == 503, f"it is {error.response.status_code}")
            else:
                expect(False, "it was taken for an answer")
        with step("a job that nobody knows any more is 431, one that never ends is given up"):
            vm = self.admin.listVirtualMachines(name="web-01", listall=True)["virtualmachine"][0]
            self.control("faults", {"command": "rebootVirtualMachine", "fault": {"kind": "job-lost"}})
            refused(lambda: self.admin.rebootVirtualMachine(id=vm["id"], fetch_result=True), 431)
            self.control("faults", {"command": "rebootVirtualMachine", "fault": {"kind": "job-hang"}})
            try:
                self.client(job_timeout=1).rebootVirtualMachine(id=vm["id"], fetch_result=True)
            except CloudStackException as error:
                expect("Timeout" in str(error), f"it is {error}")
            else:
                expect(False, "it ended")


def refused(call, status):
    """What the server says; the call must be refused with this status."""
    try:
        call()
    except CloudStackApiException as error:
        expect(error.response.status_code == status, f"refused with {error.response.status_code}, not {status}: {error}")
        return str(error)
    expect(False, f"accepted, not refused with {status}")


if __name__ == "__main__":
    sys.exit(Run(json.load(sys.stdin)).all())
