"""mariadbd as another user, with an open transaction and a session that waits for its lock."""

import shutil
import subprocess

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "/usr/sbin/mariadbd", "mariadb", "mariadb-install-db"]
OPTIONS = ["--file-locks"]


def prepare(kit):
    data = kit / "data"
    data.mkdir()
    shutil.chown(data, "nobody", "nogroup")
    subprocess.run(["mariadb-install-db", "--no-defaults", "--user=nobody", f"--datadir={data}",
                    "--innodb-log-file-size=8M", "--skip-test-db"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def command(place):
    return python("mariadb_client.py", place.kit / "data")
