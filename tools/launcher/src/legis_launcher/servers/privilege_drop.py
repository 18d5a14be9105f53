"""Runs a program that refuses to run as root as another user, who owns its folder."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NOBODY = "nobody"
NO_WAY = """\
PostgreSQL does not run as root, nor as anybody else here. Run as a normal user, or move the checkout out of a private \
folder, or set DATABASE_URL to a running PostgreSQL:
  - `unshare --user` is refused (no user namespaces), and
  - user nobody cannot reach {program} or {folder} (every parent folder must be traversable)."""


class CannotLeaveRoot(RuntimeError):
    """The process runs as root and found no way to run a program as another user."""


@dataclass(frozen=True, slots=True)
class PrivilegeDrop:
    """A command prefix that changes the user. `owner` is the user that must own the folder, None for
    the present one.
    """

    name: str
    prefix: tuple[str, ...]
    owner: str | None = None

    def own(self, path: Path) -> None:
        """Gives an existing file or folder to the user that the command will run as."""
        if self.owner is not None:
            shutil.chown(path, self.owner, pwd.getpwnam(self.owner).pw_gid)


DIRECT = PrivilegeDrop("direct", ())
NAMESPACE = PrivilegeDrop("namespace", ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--"))


def choose_privilege_drop(program: Path, folder: Path) -> PrivilegeDrop:
    """The first way that works to run `program` on `folder`, which exists and is empty or already owned.

    A normal user needs none. Root uses a user namespace, in which its files stay its own; else it becomes `nobody`.
    Raises CannotLeaveRoot with what to do instead.
    """
    if os.geteuid() != 0:
        return DIRECT
    if _works(NAMESPACE, program, folder):
        return NAMESPACE
    group = pwd.getpwnam(NOBODY).pw_gid
    other_user = PrivilegeDrop(
        "nobody", ("setpriv", f"--reuid={NOBODY}", f"--regid={group}", "--clear-groups", "--"), NOBODY
    )
    other_user.own(folder)
    if _works(other_user, program, folder):
        return other_user
    raise CannotLeaveRoot(NO_WAY.format(program=program, folder=folder))


def _works(drop: PrivilegeDrop, program: Path, folder: Path) -> bool:
    """Whether with this prefix the program runs and the folder can be written."""
    for command in ([str(program), "--version"], ["test", "-w", str(folder), "-a", "-x", str(folder)]):
        try:
            done = subprocess.run([*drop.prefix, *command], capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        if done.returncode != 0:
            return False
    return True
