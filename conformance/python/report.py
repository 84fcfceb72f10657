"""One line for each step, read by the runner: `passed  <step>  <facts>` or `failed  <step>  <reason>`."""

import time
import traceback
from contextlib import contextmanager


class Failure(Exception):
    """The gateway answered, but not as an oVirt engine does."""


class Step:
    """What a step tells about itself when it has passed."""

    def __init__(self):
        self.facts = ""


class Report:
    def __init__(self):
        self.failed = 0
        self.passed = 0

    @contextmanager
    def step(self, name):
        """A step that fails is reported, and the steps behind it still run; they fail by themselves when they depend on it."""
        step = Step()
        started = time.monotonic()
        try:
            yield step
        except Exception as error:  # any failure of a foreign client counts, whatever its class
            self.failed += 1
            print(f"failed  {name}  {type(error).__name__}: {' '.join(str(error).split())}", flush=True)
            if not isinstance(error, Failure):
                print("".join(traceback.format_exception(error)[-3:]).rstrip(), flush=True)
        else:
            self.passed += 1
            took = time.monotonic() - started
            print(f"passed  {name}  {step.facts}{' ' if step.facts else ''}({took:.1f} s)", flush=True)


def wait_for(what, read, done, deadline_s=60.0, interval_s=0.2):
    """Reads until `done(value)` holds. Raises when the deadline passes."""
    ends = time.monotonic() + deadline_s
    while True:
        value = read()
        if done(value):
            return value
        if time.monotonic() > ends:
            raise Failure(f"{what}: still {value} after {deadline_s:.0f} s")
        time.sleep(interval_s)


def expect(condition, message):
    if not condition:
        raise Failure(message)
