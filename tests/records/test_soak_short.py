"""The short form of the soaks (`make soak` runs the whole): nothing acknowledged is lost, and the harness can find a loss."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.soak import store as soak

pytestmark = pytest.mark.slow

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="a disk image needs root")


@pytest.fixture
def loop(tmp_path):
    """A directory, where this machine allows to mount disk images."""
    subprocess.run(["truncate", "-s", "4M", tmp_path / "try"], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", tmp_path / "try"], check=True)
    (tmp_path / "at").mkdir()
    if subprocess.run(
        ["mount", "-o", "loop", tmp_path / "try", tmp_path / "at"], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine does not allow mounting")
    subprocess.run(["umount", tmp_path / "at"], check=True)
    return tmp_path


def test_kill_minus_9_while_writing_loses_nothing_acknowledged(tmp_path):
    toll = soak.kills(tmp_path, 40)
    assert toll.clean and toll.acked > 40, toll


@ROOT_ONLY
def test_a_power_cut_while_writing_loses_nothing_acknowledged(loop):
    toll = soak.power(loop, 12)
    assert toll.clean and toll.acked > 40, toll


@ROOT_ONLY
def test_the_harness_has_teeth_without_syncing_a_power_cut_loses(loop):
    assert soak.power(loop, 4, weak=True).lost > 0


def test_killing_the_whole_postgresql_server_loses_nothing_acknowledged(outside):
    toll = soak.servers(outside / "killed", 3)
    assert toll.clean and toll.acked > 3, toll


def test_a_failing_system_call_is_refused_cleanly_and_loses_nothing(tmp_path):
    toll = soak.faults(tmp_path, 1)
    assert toll.clean and toll.cycles == 8, toll


def test_a_form_that_is_sent_eight_times_at_once_is_one_record(settings):
    toll = soak.double(settings, 100)
    assert toll.clean and toll.acked == 100, toll
