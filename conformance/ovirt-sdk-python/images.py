"""Backups, transfers and disks in the order of calls that the SDK's own examples have (backup_vm.py, upload_disk.py)."""

import json
import subprocess
from contextlib import contextmanager

import ovirtsdk4 as sdk
from ovirt_imageio import client
from ovirtsdk4 import types

from report import Failure, expect, wait_for

Phase = types.ImageTransferPhase

QEMU_DEADLINE_S = 120


@contextmanager
def backup_of(vm_service, disks):
    """A full backup of the disks; it is finalized whatever happens inside."""
    backups = vm_service.backups_service()
    backup = backups.add(types.Backup(disks=[types.Disk(id=disk.id) for disk in disks]), query={"require_consistency": False})
    service = backups.backup_service(backup.id)

    def read_phase():
        phase = service.get().phase
        expect(phase != types.BackupPhase.FAILED, "the backup failed")
        return phase

    wait_for("backup ready", read_phase, lambda phase: phase == types.BackupPhase.READY)
    try:
        yield service
    finally:
        service.finalize()
    wait_for("backup succeeded", read_phase, lambda phase: phase == types.BackupPhase.SUCCEEDED)


@contextmanager
def transfer_of(connection, disk, direction, backup=None):
    """An open transfer of a disk. It is finalized when the caller is done, and cancelled when the caller fails."""
    transfers = connection.system_service().image_transfers_service()
    wanted = types.ImageTransfer(
        disk=types.Disk(id=disk.id),
        backup=backup,
        direction=direction,
        format=types.DiskFormat.RAW,
        inactivity_timeout=60,
        timeout_policy=types.ImageTransferTimeoutPolicy.CANCEL,
    )
    transfer = transfers.add(wanted)
    service = transfers.image_transfer_service(transfer.id)
    try:
        yield wait_for("transfer open", service.get, lambda now: now.phase == Phase.TRANSFERRING)
    except BaseException:
        service.cancel()
        raise
    finish(connection, service, disk)


def finish(connection, service, disk):
    """Finalizes and waits as the SDK's helper does: a transfer that is gone counts when its disk is whole."""
    service.finalize()

    def read_phase():
        try:
            return service.get().phase
        except sdk.NotFoundError:
            disk_now = connection.system_service().disks_service().disk_service(disk.id).get()
            expect(disk_now.status != types.DiskStatus.ILLEGAL, "the disk is illegal after the transfer")
            return Phase.FINISHED_SUCCESS if disk_now.status == types.DiskStatus.OK else None

    ended = (Phase.FINISHED_SUCCESS, Phase.FINISHED_FAILURE, Phase.FINISHED_CLEANUP, Phase.CANCELLED_SYSTEM, Phase.PAUSED_SYSTEM)
    phase = wait_for("transfer finished", read_phase, lambda now: now in ended)
    expect(phase == Phase.FINISHED_SUCCESS, f"the transfer ended as {phase}")


def add_disk(connection, name, path, storage_domain, disk_format):
    """A new disk that takes the image at `path`, made as upload_disk.py makes it, once it is ready to be written."""
    measured = client.measure(path, "raw" if disk_format == types.DiskFormat.RAW else "qcow2")
    disks = connection.system_service().disks_service()
    disk = disks.add(
        types.Disk(
            name=name,
            content_type=types.DiskContentType.DATA,
            description="Uploaded by the conformance run",
            format=disk_format,
            initial_size=measured["required"],
            provisioned_size=client.info(path)["virtual-size"],
            sparse=True,
            storage_domains=[types.StorageDomain(name=storage_domain)],
        )
    )
    service = disks.disk_service(disk.id)

    def read_disk():
        try:
            return service.get()
        except sdk.NotFoundError:
            raise Failure("the disk is gone while it is made") from None

    return wait_for("disk made", read_disk, lambda now: now.status == types.DiskStatus.OK)


def qemu_img(*words):
    done = subprocess.run(["qemu-img", *words], capture_output=True, text=True, timeout=QEMU_DEADLINE_S, check=False)
    expect(done.returncode == 0, f"qemu-img {' '.join(words)}: {done.stdout} {done.stderr}")
    return done.stdout


def assert_same_data(left, right):
    """Every byte of both images as a guest reads them. `-U`: the gateway may still hold one of them open for reading."""
    qemu_img("compare", "-U", left, right)


def data_bytes(path):
    """Bytes of an image that are not zero by its map."""
    extents = json.loads(qemu_img("map", "-U", "--output=json", path))
    return sum(extent["length"] for extent in extents if extent["data"])
