"""Instances, tags and volumes: commands that begin a job, which cs follows when it is told fetch_result."""

from cs import CloudStackApiException

from report import expect


def run(on):
    admin, step = on.admin, on.report.step
    zone = admin.listZones()["zone"][0]["id"]
    vm = {}
    with step("deploy an instance and wait for its job") as told:
        offering = admin.listServiceOfferings(name="Small Instance")["serviceoffering"][0]["id"]
        template = admin.listTemplates(templatefilter="executable")["template"][0]["id"]
        wish = {"zoneid": zone, "serviceofferingid": offering, "templateid": template, "name": "made-by-cs"}
        vm.update(admin.deployVirtualMachine(**wish, fetch_result=True)["virtualmachine"])
        expect(vm["state"] == "Running" and len(vm["nic"]) == 1, f"it is {vm['state']}")
        told.facts = vm["id"]
    with step("a job is pending first, with its instance, and ends"):
        started = admin.stopVirtualMachine(id=vm["id"])
        job = admin.queryAsyncJobResult(jobid=started["jobid"])
        expect((job["jobstatus"], job["jobinstanceid"]) == (0, vm["id"]), f"it is {job}")
        expect(admin._jobresult(started["jobid"])["virtualmachine"]["state"] == "Stopped", "it did not stop")
        admin.startVirtualMachine(id=vm["id"], fetch_result=True)
    with step("a job that fails says why"):
        text = job_failure(lambda: admin.startVirtualMachine(id=vm["id"], fetch_result=True))
        expect("already running" in text, f"it says {text}")
    with step("tags are made, found and deleted"):
        tags = [{"key": "env", "value": "prod & more"}, {"key": "owner", "value": "cs"}]
        admin.createTags(resourceids=[vm["id"]], resourcetype="UserVm", tags=tags, fetch_result=True)
        found = admin.listVirtualMachines(listall=True, tags={"key": "owner", "value": "cs"})["virtualmachine"]
        expect([row["id"] for row in found] == [vm["id"]], f"{len(found)} instances have the tag")
        admin.deleteTags(resourceids=[vm["id"]], resourcetype="UserVm", tags={"key": "env"}, fetch_result=True)
        left = admin.listTags(resourceid=vm["id"], resourcetype="UserVm", listall=True)["tag"]
        expect([tag["key"] for tag in left] == ["owner"], f"{left} are left")
    volumes(on, zone, vm)
    with step("destroy and expunge the instance"):
        admin.destroyVirtualMachine(id=vm["id"], expunge=True, fetch_result=True)
        expect(admin.listVirtualMachines(name="made-by-cs", listall=True) == {}, "it is still there")


def volumes(on, zone, vm):
    admin, step = on.admin, on.report.step
    volume = {}
    with step("a volume with a pool is Ready at once"):
        offering = admin.listDiskOfferings(name="Custom")["diskoffering"][0]["id"]
        pool = admin.listStoragePools()["storagepool"][0]["id"]
        wish = {"name": "disk-of-cs", "zoneid": zone, "diskofferingid": offering, "size": 2, "storageid": pool}
        volume.update(admin.createVolume(**wish, fetch_result=True)["volume"])
        expect((volume["state"], volume["size"]) == ("Ready", 2 * 1024**3), f"it is {volume['state']}")
    with step("it is attached, resized, detached and deleted"):
        attached = admin.attachVolume(id=volume["id"], virtualmachineid=vm["id"], fetch_result=True)["volume"]
        expect(attached["virtualmachineid"] == vm["id"], "it is not attached")
        admin.resizeVolume(id=volume["id"], size=3, fetch_result=True)
        expect(admin.listVolumes(id=volume["id"])["volume"][0]["size"] == 3 * 1024**3, "it has not grown")
        admin.detachVolume(id=volume["id"], fetch_result=True)
        expect(admin.deleteVolume(id=volume["id"])["success"], "it was not deleted")
        expect(admin.listVolumes(name="disk-of-cs", listall=True) == {}, "it is still there")


def job_failure(call):
    try:
        call()
    except CloudStackApiException as error:
        return str(error.error.get("errortext"))
    expect(False, "the job did not fail")
