"""Drives a gateway with the official oVirt SDK and imageio client, unmodified. Ends with 0 when every step passed.

The settings come as one JSON object on standard input, so that no password stands in the list of processes:
api_url, ca_file, user, password, vm_name, pool (folder of the volumes), work (folder for images).
"""

import json
import pathlib
import sys

import ovirtsdk4 as sdk
from ovirt_imageio import client
from ovirtsdk4 import types

import images
import walk
from report import Report, expect

MIB = 1024 * 1024


class Run:
    def __init__(self, settings):
        self.settings = settings
        self.work = pathlib.Path(settings["work"])
        self.pool = pathlib.Path(settings["pool"])
        self.report = Report()
        self.connection = self.connect(settings["password"])

    def connect(self, password):
        settings = self.settings
        return sdk.Connection(
            url=settings["api_url"], username=settings["user"], password=password, ca_file=settings["ca_file"], timeout=60
        )

    def all(self):
        step = self.report.step
        with step("login") as told:
            api = self.connection.system_service().get()
            told.facts = f"{api.product_info.name} {api.product_info.version.full_version}"
        with step("a wrong password is refused"):
            self.wrong_password()
        self.list_everything()
        with step("full backup of the VM") as told:
            told.facts = self.full_backup()
        with step("upload of a raw image into a new disk") as told:
            told.facts = self.upload("raw", types.DiskFormat.RAW)
        with step("upload of a qcow2 image into a new disk") as told:
            told.facts = self.upload("qcow2", types.DiskFormat.COW)
        with step("logout"):
            self.logout()
        return 1 if self.report.failed else 0

    def wrong_password(self):
        connection = self.connect("not the password")
        try:
            connection.authenticate()
        except sdk.AuthError:
            return
        finally:
            connection.close(logout=False)
        expect(False, "the login was accepted")

    def list_everything(self):
        listable = []
        with self.report.step("links of the API root") as told:
            token = self.connection.authenticate()
            links = walk.root_links(self.settings["api_url"], self.settings["ca_file"], token)
            expect("vms" in links and "imagetransfers" in links, f"the root links only {', '.join(links) or 'nothing'}")
            listable = [rel for rel in links if walk.can_list(self.connection, rel)]
            told.facts = f"{len(links)} collections, {len(listable)} of them can be listed by the SDK"
        for rel in listable:
            items = []
            with self.report.step(f"list {rel}") as told:
                items = walk.list_collection(self.connection, rel)
                told.facts = f"{len(items)} items"
            if items:
                with self.report.step(f"list what is below the first of {rel}") as told:
                    told.facts = f"{walk.list_below(self.connection, items[0])} collections"

    def vm(self):
        vms = self.connection.system_service().vms_service()
        found = vms.list(search=f"name={self.settings['vm_name']}")
        expect(len(found) == 1, f"{len(found)} VMs are named {self.settings['vm_name']}")
        return vms.vm_service(found[0].id)

    def full_backup(self):
        vm_service = self.vm()
        attachments = vm_service.disk_attachments_service().list()
        expect(len(attachments) > 0, "the VM has no disk")
        disks = [self.connection.follow_link(attachment.disk) for attachment in attachments]
        size = data = 0
        with images.backup_of(vm_service, disks) as backup_service:
            backup = backup_service.get()
            listed = backup_service.disks_service().list()
            expect({disk.id for disk in listed} == {disk.id for disk in disks}, "the backup lists other disks than were asked for")
            for disk in disks:
                target = self.download(disk, backup)
                images.assert_same_data(str(self.volume_of(disk)), target)
                size += client.info(target)["virtual-size"]
                data += images.data_bytes(target)
        return f"{len(disks)} disks, {size // MIB} MiB, {data // MIB} MiB of it data, equal to the volumes"

    def download(self, disk, backup):
        """Once from the host, once through the proxy; both must give the same image."""
        direct, proxied = str(self.work / f"{disk.id}.qcow2"), str(self.work / f"{disk.id}-proxy.qcow2")
        with images.transfer_of(self.connection, disk, types.ImageTransferDirection.DOWNLOAD, types.Backup(id=backup.id)) as transfer:
            expect(transfer.proxy_url is not None, "the transfer has no proxy_url")
            options = {"cafile": self.settings["ca_file"], "fmt": "qcow2", "secure": True}
            client.download(transfer.transfer_url, direct, proxy_url=transfer.proxy_url, **options)
            client.download(transfer.proxy_url, proxied, **options)
        images.assert_same_data(direct, proxied)
        return direct

    def upload(self, suffix, disk_format):
        source = self.work / f"upload.{suffix}"
        backup = next(self.work.glob("*-proxy.qcow2"), None)
        expect(backup is not None, "there is no downloaded image to upload")
        images.qemu_img("convert", "-O", suffix, str(backup), str(source))
        domains = self.connection.system_service().storage_domains_service().list()
        domain = next((one for one in domains if one.type == types.StorageDomainType.DATA), None)
        expect(domain is not None, "there is no data storage domain")
        before = set(self.pool.iterdir())
        disk = images.add_disk(self.connection, f"conformance-{suffix}", str(source), domain.name, disk_format)
        with images.transfer_of(self.connection, disk, types.ImageTransferDirection.UPLOAD) as transfer:
            client.upload(
                str(source), transfer.transfer_url, self.settings["ca_file"], proxy_url=transfer.proxy_url, disk_is_zero=True
            )
        service = self.connection.system_service().disks_service().disk_service(disk.id)
        expect(service.get().status == types.DiskStatus.OK, f"the disk is {service.get().status} after the upload")
        images.assert_same_data(str(source), str(self.volume_of(disk, before)))
        service.remove()
        return f"{source.stat().st_size // MIB} MiB file, equal to the volume"

    def volume_of(self, disk, before=frozenset()):
        """The file of a disk in the pool: named after it, or else the only one that was not there before."""
        files = [path for path in self.pool.iterdir() if path.is_file() and path not in before]
        named = [path for path in files if disk.id in path.name or (disk.image_id or "-") in path.name]
        expect(len(named or files) == 1, f"which of {[path.name for path in files]} is the disk {disk.id}?")
        return (named or files)[0]

    def logout(self):
        token = self.connection.authenticate()
        self.connection.close(logout=True)
        late = sdk.Connection(url=self.settings["api_url"], token=token, ca_file=self.settings["ca_file"], timeout=60)
        try:
            late.system_service().vms_service().list(max=1)
        except sdk.AuthError:
            return
        finally:
            late.close(logout=False)
        expect(False, "the token still counts after the logout")


if __name__ == "__main__":
    sys.exit(Run(json.load(sys.stdin)).all())
