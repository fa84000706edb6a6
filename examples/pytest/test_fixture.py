"""What the fixture does where a test has shown nothing."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import faultline_pytest
import pytest

HERE = str(Path(__file__).parent)


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs a test with this body in a pytest of its own."""
    monkeypatch.setenv("PYTHONPATH", HERE)
    return lambda body: outcome(pytester, body)


def outcome(pytester, body):
    pytester.makeconftest('pytest_plugins = ["faultline_pytest"]')
    pytester.makepyfile("def test_it(faultline):\n" + textwrap.indent(textwrap.dedent(body), "    "))
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def test_a_fault_that_never_struck_fails_its_test(run):
    result = run('faultline.mark(source_port=1); faultline.inject("bytes", "reset", name="never met")')
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*never struck: never met; so the test shows nothing of it*"])


def test_one_that_may_miss_does_not(run):
    run('faultline.mark(source_port=1); faultline.inject("bytes", "reset").may_miss()').assert_outcomes(passed=1)


def test_a_lease_that_somebody_ended_fails_the_test(run):
    result = run(
        """
        faultline.mark(source_port=1)
        faultline.inject("bytes", "reset").may_miss()
        faultline.proxy.ask("DELETE", f"/v1/leases/{faultline.name}")
        try:
            faultline._renew()
        except Exception as error:
            faultline._lost = error
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the faults were not there all the while*has forgotten the lease*"])


def test_without_a_proxy_it_says_what_to_do(run, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("FAULTLINE_API", f"127.0.0.1:{port}")
    result = run("pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no proxy at 127.0.0.1:*start 'faultline proxy*"])


def test_faults_of_a_test_that_was_killed_heal(faultline):
    """Its lease runs out: here a short one, so that nobody waits long."""
    script = f"""
import os, signal, sys
sys.path.insert(0, {HERE!r})
import faultline_pytest
faultline_pytest.LEASE = 0.3
session = faultline_pytest.Session(faultline_pytest.Proxy({faultline.proxy.address!r}), {faultline.name + "-killed"!r})
session.mark(source_port=1)
print(session.inject("bytes", "reset").number, flush=True)
signal.pause()
"""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    number = int(child.stdout.readline())
    assert faultline.proxy.ask("GET", f"/v1/faults/{number}")["lease"]
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    while True:
        try:
            faultline.proxy.ask("GET", f"/v1/faults/{number}")
        except faultline_pytest.Refused as refusal:
            assert "there is no fault" in str(refusal)
            break
