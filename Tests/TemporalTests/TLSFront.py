"""Takes TLS off in front of a server: a stand-in for a cloud's front door. Prints its port; ends with its input."""

import asyncio
import ssl
import subprocess
import sys

folder, upstream, wants_client = sys.argv[1], sys.argv[2], sys.argv[3] == "mutual"


def make(*words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority",
     "-keyout", "ca.key", "-out", "ca.pem")
for name in ("server", "client"):
    make("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    with open(f"{folder}/{name}.ext", "w") as file:
        file.write("subjectAltName=DNS:localhost,DNS:temporal.example\n")
    make("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-extfile", f"{name}.ext", "-out", f"{name}.pem")

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
context.set_alpn_protocols(["h2"])
if wants_client:
    context.load_verify_locations(f"{folder}/ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    host, port = upstream.rsplit(":", 1)
    to_reader, to_writer = await asyncio.open_connection(host, int(port))
    await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
