"""The log: in UTC though the site keeps the time of Paris, one line for one event, by the web and by a worker alike."""

import calendar
import os
import subprocess
import sys
import time

import pytest

from backend.stack.checks import ROOT

WEB = "import django; django.setup()"
WORKER = "from backend.config.celery import app; app.log.setup('INFO')"


def logged(message: str, begin: str = WEB) -> list[str]:
    """What a new process logs when it warns of something."""
    program = f"{begin}; import logging; logging.getLogger('somewhere').warning({message!r})"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "backend.config.settings", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).strip().splitlines()


@pytest.mark.parametrize("begin", [WEB, WORKER])
def test_a_line_tells_its_time_in_utc(begin: str) -> None:
    (line,) = logged("here", begin)
    told = calendar.timegm(time.strptime(line.partition(" ")[0], "%Y-%m-%dT%H:%M:%SZ"))
    assert abs(told - time.time()) < 600
    assert line.endswith(" WARNING somewhere here")


def test_a_message_cannot_begin_another_line() -> None:
    (line,) = logged("here\n2026-01-01T00:00:00Z INFO people nothing happened")
    assert "here\\n2026" in line
