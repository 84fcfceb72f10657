"""How the package finds its endpoint and its keys."""

import os
from contextlib import contextmanager
from pathlib import Path

import ovh
from ovh.exceptions import InvalidConfiguration
from report import expect
from run import ENDPOINT, equal, refused


@contextmanager
def files(**texts):
    """Files of the home directory that are gone afterwards."""
    paths = [Path.home() / name.replace("_", ".") for name in texts]
    for path, text in zip(paths, texts.values()):
        path.write_text(text)
    try:
        yield paths
    finally:
        for path in paths:
            path.unlink()


@contextmanager
def environment(**variables):
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


def run(run):
    step = run.report.step
    keys = {name: run.settings[name] for name in ("application_key", "application_secret", "consumer_key")}
    section = f"[{ENDPOINT}]\n" + "".join(f"{name} = {value}\n" for name, value in keys.items())
    everything = f"[default]\nendpoint = {ENDPOINT}\n\n; keys of the fake\n{section}"

    with step("keys from a file that is named"):
        with files(own_conf=everything) as (path,):
            equal(ovh.Client(config_file=str(path)).get("/me")["nichandle"], "ab12345-ovh")
    with step("keys from ~/.ovh.conf"):
        with files(_ovh_conf=everything):
            equal(ovh.Client().get("/me")["nichandle"], "ab12345-ovh")
    with step("keys from the environment, which beats the file"):
        wrong = everything.replace(keys["consumer_key"], "x" * 32)
        variables = {f"OVH_{name.upper()}": value for name, value in keys.items()}
        with files(_ovh_conf=wrong), environment(OVH_ENDPOINT=ENDPOINT, **variables):
            equal(ovh.Client().get("/me")["nichandle"], "ab12345-ovh")
    with step("arguments, which beat both"):
        with environment(OVH_ENDPOINT="nowhere", OVH_CONSUMER_KEY="x" * 32):
            equal(run.client().get("/me")["nichandle"], "ab12345-ovh")
    with step("a service account from a file"):
        text = f"[{ENDPOINT}]\nclient_id = {run.settings['client_id']}\nclient_secret = {run.settings['client_secret']}\n"
        with files(own_conf=text) as (path,):
            equal(ovh.Client(ENDPOINT, config_file=str(path)).get("/me")["nichandle"], "ab12345-ovh")
    with step("what is missing, half, double or unknown is refused before any call"):
        calls = len(run.log())
        refused(InvalidConfiguration, lambda: ovh.Client(ENDPOINT), "Missing authentication information")
        refused(InvalidConfiguration, lambda: ovh.Client(ENDPOINT, application_key="x"), "both application_key")
        refused(InvalidConfiguration, lambda: run.client(client_id="x", client_secret="y"), "Can't use both")
        refused(InvalidConfiguration, lambda: ovh.Client("kimsufi-eu", client_id="x", client_secret="y"), "not compatible")
        refused(ovh.InvalidRegion, lambda: run.client(endpoint="eu-ovh"), "Unknown endpoint")
        expect(len(run.log()) == calls, "the fake was called")
