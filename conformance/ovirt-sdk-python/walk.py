"""Lists everything: each service that the API root links, its first item, and every collection below that item."""

import inspect
import ssl
import urllib.request
import xml.etree.ElementTree as ElementTree

import ovirtsdk4 as sdk

from report import Failure, expect


def root_links(api_url, ca_file, token):
    """The `rel` and path of each link of the API root, without the search templates; the SDK does not keep them."""
    request = urllib.request.Request(api_url, headers={"Authorization": f"Bearer {token}", "Accept": "application/xml"})
    context = ssl.create_default_context(cafile=ca_file)
    with urllib.request.urlopen(request, context=context, timeout=30) as answer:
        root = ElementTree.fromstring(answer.read())
    links = {link.get("rel"): link.get("href") for link in root.findall("link")}
    return {rel: href for rel, href in links.items() if not rel.endswith("/search")}


def can_list(connection, rel):
    """Some collections (imports of foreign machines) only take orders: the SDK has no `list` for them."""
    return hasattr(connection.system_service().service(rel), "list")


def list_collection(connection, rel):
    """Asks the SDK's service of a root link for its items, and follows the link of the first one."""
    service = connection.system_service().service(rel)
    items = service.list()
    for item in items:
        expect(item.id is not None and item.href is not None, f"an item of {rel} has no id or no href")
    if items:
        again = connection.follow_link(items[0])
        expect(again.id == items[0].id, f"{items[0].href} answers the id {again.id}")
    return items


def list_below(connection, item):
    """Lists every collection that the SDK knows below an item. Returns how many; raises with all that failed."""
    prefix = connection.url.rstrip("/").split("://", 1)[1].split("/", 1)[1]
    service = connection.service(item.href.removeprefix(f"/{prefix}/"))
    failures, count = [], 0
    for name, member in inspect.getmembers(service, inspect.ismethod):
        if not name.endswith("_service") or name.startswith("_") or len(inspect.signature(member).parameters) > 0:
            continue
        below = member()
        if not hasattr(below, "list"):
            continue
        count += 1
        try:
            below.list()
        except sdk.Error as error:
            failures.append(f"{name.removesuffix('_service')}: {' '.join(str(error).split())}")
    if failures:
        raise Failure(f"{len(failures)} of {count} collections below {item.href} cannot be listed: {'; '.join(failures)}")
    return count
