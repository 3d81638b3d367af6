"""The private nginx: killed from outside it comes back, and its workers keep neither the port nor themselves."""

import os
import signal
from pathlib import Path

from deploy.launcher import children
from deploy.launcher.nginx import Nginx
from deploy.launcher.stack import free_port


def struck(server: Nginx) -> int:
    """kill -9 by somebody else, the master alone; its process id."""
    assert server.child is not None
    master = server.child.pid
    os.kill(master, signal.SIGKILL)
    assert children.wait_until(lambda: not server.alive(), 10)
    assert children.session_of(master, "nginx")  # its worker still serves
    return master


def test_nginx_comes_back_after_its_master_was_killed_and_leaves_nobody_behind(tmp_path: Path) -> None:
    server = Nginx(tmp_path / "nginx", free_port(), [free_port()], board=free_port(), static=None, bundles=tmp_path)
    server.start()
    try:
        first = struck(server)
        server.start()
        assert server.alive() and children.session_of(first, "nginx") == []
        second = struck(server)
    finally:
        server.stop()
    assert children.session_of(second, "nginx") == []
