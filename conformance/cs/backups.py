"""The backup export API, which no list of commands in cs names: it takes whatever command it is told."""

from cs import CloudStackApiException

from report import expect


def run(on):
    admin, step = on.admin, on.report.step
    vm = admin.listVirtualMachines(name="web-01", listall=True)["virtualmachine"][0]["id"]
    admin.startVirtualMachine(id=vm, fetch_result=True)
    volume = admin.listVolumes(virtualmachineid=vm, listall=True)["volume"][0]["id"]
    backup = {}
    with step("startBackup: its job ends when it is ready"):
        backup.update(admin.startBackup(virtualmachineid=vm, name="nightly", fetch_result=True)["backup"])
        expect(backup["status"] == "ReadyForImageTransfer", f"it is {backup['status']}")
        expect(admin.listBackups(id=backup["id"])["backup"][0]["name"] == "nightly", "it is not listed")
    with step("createImageTransfer, and a list whose key is the text null"):
        made = admin.createImageTransfer(volumeid=volume, backupid=backup["id"], direction="download")["imagetransfer"]
        expect(made["phase"] == "transferring" and made["transferurl"].endswith(made["id"]), f"it is {made}")
        expect(admin.listImageTransfers(fetch_list=True, backupid=backup["id"]) == [made], "it is not listed")
        expect(admin.listImageTransfers()["null"] == [made], "its key is another")
        expect(admin.finalizeImageTransfer(id=made["id"])["success"], "it was not finalized")
    with step("finalizeBackup: a checkpoint comes of it, and its record is gone"):
        done = admin.finalizeBackup(virtualmachineid=vm, id=backup["id"], fetch_result=True)["backup"]
        expect(done["status"] == "BackedUp", f"it is {done['status']}")
        expect(admin.listBackups(id=backup["id"]) == {}, "it is still listed")
        points = admin.listVirtualMachineCheckpoints(virtualmachineid=vm)["checkpoint"]
        expect([(point["id"], point["isactive"]) for point in points] == [(done["tocheckpointid"], True)], f"{points}")
    with step("the next backup is incremental; its checkpoint is deleted again"):
        second = admin.startBackup(virtualmachineid=vm, fetch_result=True)["backup"]
        expect(second["fromcheckpointid"] == backup["tocheckpointid"], "it is not based on the first")
        admin.finalizeBackup(virtualmachineid=vm, id=second["id"], fetch_result=True)
        admin.deleteVirtualMachineCheckpoint(virtualmachineid=vm, checkpointid=second["tocheckpointid"])
        points = admin.listVirtualMachineCheckpoints(virtualmachineid=vm)["checkpoint"]
        expect([point["id"] for point in points] == [backup["tocheckpointid"]], f"{points}")
    with step("a host that says no ends the job with its words"):
        on.control("agent", {"step": "startBackup", "answer": {"no": "domain has active block job"}})
        try:
            admin.startBackup(virtualmachineid=vm, fetch_result=True)
        except CloudStackApiException as error:
            expect("active block job" in error.error["errortext"], f"it says {error.error}")
        else:
            expect(False, "the backup began")
    with step("a volume is Restoring while it is uploaded to"):
        made = admin.createImageTransfer(volumeid=volume, direction="upload")["imagetransfer"]
        expect(admin.listVolumes(id=volume)["volume"][0]["state"] == "Restoring", "it is not")
        admin.finalizeImageTransfer(id=made["id"])
        expect(admin.listVolumes(id=volume)["volume"][0]["state"] == "Ready", "it is not Ready after it")
