"""Writes down which tests failed, for the second chance that `.ci/run` gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

FAILURES_MAX = 5
"""More than so many are no accident."""


class Failures:
    """Fills a file, one test a line, unless something failed that trying a test again would not show.

    That is a report of another kind (what could not be collected, too little coverage) and what a test or the
    whole run finds while it cleans up: the tests that caused it may be others, and all of them had passed.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tests: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.when != "teardown":
            self.tests.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        is_all = session.testsfailed == len(self.tests) <= FAILURES_MAX
        if is_all and exitstatus == pytest.ExitCode.TESTS_FAILED:
            self.file.write_text("".join(f"{test}\n" for test in self.tests))
