"""What the web process makes ready before its workers part."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from sqlalchemy import inspect
from feedback.processes.web import before_parting
from models.response import Response
from surveys.language_pack import LANGUAGES, pack

before_parting()
opened = []
sys.addaudithook(lambda event, given: opened.append(given[0]) if event == "open" else None)
assert all(pack(language).stop for language in LANGUAGES)
assert inspect(Response).configured
print([str(one) for one in opened])
"""


def test_no_worker_reads_the_words_of_a_language_nor_puts_the_tables_together() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
