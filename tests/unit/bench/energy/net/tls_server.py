#!/usr/bin/env python3
"""An HTTPS server on loopback with a certificate of its own authority. Usage: tls_server.py FOLDER

Makes FOLDER/ca.pem, prints its port, and serves a Redfish chassis to who knows the password, until its input is closed.
Exit status 77: no openssl to make certificates with.
"""
import base64
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import threading

AUTHORIZATION = "Basic " + base64.b64encode(b"root:hunter2").decode()
ANSWERS = {
    "/redfish/v1/Chassis": {"Members": [{"@odata.id": "/redfish/v1/Chassis/1"}]},
    "/redfish/v1/Chassis/1": {"EnvironmentMetrics": {"@odata.id": "/redfish/v1/Chassis/1/EnvironmentMetrics"}},
    "/redfish/v1/Chassis/1/EnvironmentMetrics": {"PowerWatts": {"Reading": 374}},
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.headers.get("Authorization") == AUTHORIZATION
        status = 401 if not known else 200 if self.path in ANSWERS else 404
        body = json.dumps(ANSWERS[self.path]).encode() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(folder):
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl(folder, *new, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=steelyard test authority")
    openssl(folder, *new, "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl(folder, "x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "host.pem")


def main():
    folder = pathlib.Path(sys.argv[1])
    if shutil.which("openssl") is None:
        return 77
    make_certificates(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem", folder / "host.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
