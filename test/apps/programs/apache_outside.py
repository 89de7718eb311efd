"""apache2 with the event model and programs of CGI; clients outside of the tree keep coming."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

MODULES = "/usr/lib/apache2/modules"
NEEDS = ["/usr/bin/python3", "/usr/sbin/apache2"]
OPTIONS = ["--tcp-established", "--file-locks"]

CONFIGURATION = """
ServerRoot {place}
ServerName localhost
PidFile pid
DefaultRuntimeDir {place}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule cgid_module {modules}/mod_cgid.so
User nobody
Group nogroup
Listen 127.0.0.1:{port}
StartServers 2
MaxKeepAliveRequests 0
KeepAliveTimeout 600
ErrorLog "|/bin/cat >>{place}/errors"
DocumentRoot {place}/pages
ScriptSock {place}/cgi.sock
ScriptAlias /cgi/ {place}/cgi/
"""
SCRIPT = """#!/bin/sh
echo Content-Type: text/plain
echo
echo "asked for $QUERY_STRING"
"""


def outside(place):
    return python("apache_client.py", place.port, place / "pid")


def command(place):
    for name in ("pages", "cgi"):
        (place / name).mkdir()
    (place / "pages" / "page").write_text("a page\n" * 2000)
    script = place / "cgi" / "script"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    (place / "conf").write_text(CONFIGURATION.format(
        place=place.directory, port=place.port, modules=MODULES))
    return ["/usr/sbin/apache2", "-DFOREGROUND", "-f", str(place / "conf")]
