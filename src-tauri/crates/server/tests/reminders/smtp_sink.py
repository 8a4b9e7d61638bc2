"""A real mail server for the tests: aiosmtpd on loopback, on any free port, which it prints.

Every mail that it takes is appended to a file as one line of JSON. How it treats a mail is said by the recipient's name:

refuse      550 at once                      later       451 at once
reject      554 after the mail               slow        answers after the mail late
die-before  goes in the middle of the mail   die-after   takes the mail and goes without an answer
silent      (as the file's second argument) says nothing at all, to anybody
"""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self, file):
        self.file = file

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later"):
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "reject":
            return "554 5.6.0 Not like this"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        line = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "id": mail["Message-ID"],
            "subject": mail["Subject"],
            "unsubscribe": mail["List-Unsubscribe"],
            "one_click": mail["List-Unsubscribe-Post"],
            "auto": mail["Auto-Submitted"],
            "date": mail["Date"],
            "encrypted": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.authenticated else None,
            "text": parts.get("text/plain", ""),
            "html": parts.get("text/html", ""),
        }
        with open(self.file, "a") as out:
            out.write(json.dumps(line) + "\n")
        if name == "die-after":
            server.transport.abort()
        if name == "slow":
            await asyncio.sleep(5)
        return "250 OK"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        name = self.envelope.rcpt_tos[0].split("@")[0] if self.envelope.rcpt_tos else ""
        if name == "die-before":
            await self.push("354 Go on")
            await self._reader.read(1500)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def authenticate(server, session, envelope, mechanism, data):
    from aiosmtpd.smtp import AuthResult

    good = data.login == b"debrief" and data.password == b"secret"
    return AuthResult(success=good, handled=False, auth_data=data)


async def main():
    file, how, certificate, key = (sys.argv[1:] + ["", "", "", ""])[:4]

    if how == "silent":
        async def nothing(reader, writer):
            await asyncio.sleep(60)

        listening = await asyncio.start_server(nothing, "127.0.0.1", 0)
    else:
        options = {"hostname": "sink", "enable_SMTPUTF8": True}
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            options |= {
                "tls_context": context,
                "require_starttls": True,
                "authenticator": authenticate,
                "auth_required": True,
            }
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: Server(Sink(file), **options), "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    # It ends with whoever started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
