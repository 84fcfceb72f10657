"""Every list of the account and everything below its items, as an inventory reads them."""

from ipaddress import ip_address, ip_network

from report import expect
from run import equal

BELOW_SERVER = (
    "serviceInfos",
    "specifications/hardware",
    "specifications/network",
    "ips",
    "networkInterfaceController",
    "virtualNetworkInterface",
    "task",
    "option",
    "vrack",
    "intervention",
)


def run(run):
    step = run.report.step
    client = run.admin
    with step("dedicated servers with everything below them") as told:
        servers = {name: server(client, name) for name in client.get("/dedicated/server")}
        equal(len(servers), 30)
        told.facts = f"{sum(len(parts) for parts in servers.values())} answers"
    with step("VPS") as told:
        names = client.get("/vps")
        for name in names:
            base = f"/vps/{name}"
            equal(client.get(base)["name"], name)
            equal(client.get(f"{base}/serviceInfos")["domain"], name)
            for address in client.get(f"{base}/ips"):
                ip_address(address)
            expect(client.get(f"{base}/datacenter")["country"], "no country")
            expect(client.get(f"{base}/images/current")["name"], "no image")
            for disk in client.get(f"{base}/disks"):
                equal(client.get(f"{base}/disks/{disk}")["serviceName"], name)
        told.facts = f"{len(names)} VPS"
    with step("public cloud: projects, regions, instances and what they refer to") as told:
        told.facts = f"{sum(project(client, name) for name in client.get('/cloud/project'))} instances"
    with step("domains, zones and records") as told:
        names = client.get("/domain")
        equal(names, client.get("/domain/zone"))
        records = 0
        for name in names:
            equal(client.get(f"/domain/{name}")["domain"], name)
            equal(client.get(f"/domain/zone/{name}")["name"], name)
            for record in client.get(f"/domain/zone/{name}/record"):
                equal(client.get(f"/domain/zone/{name}/record/{record}")["zone"], name)
                records += 1
        told.facts = f"{len(names)} domains, {records} records"
    with step("blocks of addresses lead to servers that there are") as told:
        blocks = client.get("/ip")
        for block in blocks:
            row = client.get(f"/ip/{block.replace('/', '%2F')}")
            equal(ip_network(row["ip"]).version, row["version"])
            expect(row["routedTo"]["serviceName"] in servers, f"{block} leads nowhere")
        told.facts = f"{len(blocks)} blocks"
    with step("private networks, services and policies"):
        for name in client.get("/vrack"):
            expect(client.get(f"/vrack/{name}/dedicatedServer"), "no server in it")
        for number in client.get("/services"):
            equal(client.get(f"/services/{number}")["serviceId"], number)
    with step("every resource of IAM is there under its URN") as told:
        rows = client.raw_call("GET", "/v2/iam/resource", headers={"X-Pagination-Size": "5000"}).json()
        equal({row["name"] for row in rows if row["type"] == "dedicatedServer"}, set(servers))
        for row in rows:
            equal(client.get(f"/v2/iam/resource/{row['urn'].replace('/', '%2F')}"), row)
        told.facts = f"{len(rows)} resources"


def server(client, name):
    base = f"/dedicated/server/{name}"
    row = client.get(base)
    equal(row["name"], name)
    parts = {part: client.get(f"{base}/{part}") for part in BELOW_SERVER}
    equal(parts["serviceInfos"]["domain"], name)
    expect(f"{row['ip']}/32" in parts["ips"], f"{row['ip']} is not among {parts['ips']}")
    for mac in parts["networkInterfaceController"]:
        equal(client.get(f"{base}/networkInterfaceController/{mac}")["mac"], mac)
    for task in parts["task"]:
        equal(client.get(f"{base}/task/{task}")["taskId"], task)
    return parts


def project(client, name):
    base = f"/cloud/project/{name}"
    equal(client.get(base)["project_id"], name)
    regions = client.get(f"{base}/region")
    rows = client.get(f"{base}/instance")
    for row in rows:
        expect(row["region"] in regions, f"{row['region']} is no region")
        detail = client.get(f"{base}/instance/{row['id']}")
        equal([detail["flavor"]["id"], detail["image"]["id"]], [row["flavorId"], row["imageId"]])
        for volume in row["attachedVolumes"]:
            equal(client.get(f"{base}/volume/{volume}")["attachedTo"], [row["id"]])
    return len(rows)
