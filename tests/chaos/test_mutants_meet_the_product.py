"""Mutants name the product's parts, faults, invariants and tests; each of them must exist, or the mutant is none."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.mutants.chaos_mutants import MUTANTS
from chaos.plan import make_plan
from chaos.report import INVARIANTS

TESTS = Path(__file__).parents[1]


@pytest.mark.timeout(300)  # ten seconds of processor time
def test_every_patch_changes_what_is_there_and_adds_nothing() -> None:
    command = [sys.executable, "-m", "chaos.mutants.patch_check"]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=290, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 miss\n")


@pytest.mark.parametrize("name", MUTANTS)
def test_invariants_and_faults_of_a_mutant_exist(name: str) -> None:
    mutant = MUTANTS[name]
    assert set(mutant.caught_by) <= set(INVARIANTS)
    assert mutant.caught_by or (mutant.directed and mutant.healed)
    if mutant.caught_by:
        faults = make_plan(1, 60.0, only=mutant.only).faults
        assert {fault.kind for fault in faults} == {only.partition(":")[0] for only in mutant.only}


@pytest.mark.parametrize("test", sorted({test for mutant in MUTANTS.values() for test in mutant.directed}))
def test_a_test_that_is_directed_at_a_mutant_exists(test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((TESTS.parent / path).read_text())
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name.partition("[")[0] in defined if name else defined


def test_without_overlap_only_the_walks_that_look_back_are_off() -> None:
    """A run that reads no agendas, votings or people cannot say whether they are stored."""
    told = "from legis.ingest import runner; from chaos.mutants.ingest_mutants import no_overlap"
    walks = "{walk.value for walks in runner.WALK_LOOPS for walk in walks}"
    program = f"{told}; before = {walks}; no_overlap('ingest_camara'); print(*sorted(before - {walks}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=TESTS, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["OVERLAP", "RECONCILE", "VOTES"]
