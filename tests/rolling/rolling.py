"""Restarts two servers behind HAProxy under load; see `run`."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

BINARY, FOLDER, CONFIGURATION, ROUNDS = sys.argv[1:]
CALLERS = 8
CALL = json.dumps({"caller_number": "+14155550142", "called_number": "+18005550100"})
PLAN = 'rule "Nobody" {\n  reject\n}\n'
HEADERS = {"authorization": f"Bearer {os.environ['TOKEN']}", "content-type": "application/json"}
# Longer than two checks of HAProxy.
DRAIN = os.environ.get("DRAIN", "4s")
PATIENCE = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def request(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Server:
    """One of the two servers, on its own database."""

    def __init__(self, name):
        self.name, self.port = name, free_port()
        self.start()

    def start(self):
        database = os.path.join(FOLDER, f"{self.name}.db")
        line = [BINARY, "serve", "--database", database, "--listen", f"127.0.0.1:{self.port}", "--drain", DRAIN]
        log = open(os.path.join(FOLDER, f"{self.name}.log"), "ab")
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=log)
        assert b"listening" in self.process.stdout.readline(), f"{self.name} does not start"

    def restart(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0
        self.start()

    def decided(self):
        """How many calls it has decided since its start."""
        page = request(self.port, "GET", "/metrics")[1].decode()
        lines = [line for line in page.splitlines() if line.startswith("callplan_decisions_total")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def wait_for_calls(self, count):
        """Waits until HAProxy sends it calls."""
        begun, before = time.monotonic(), self.decided()
        while self.decided() < before + count:
            assert time.monotonic() < begun + PATIENCE, f"{self.name} gets no calls"
            time.sleep(0.1)


class Callers:
    """Clients that call without a pause, each on a connection that it keeps as long as it may."""

    def __init__(self, port):
        self.port, self.answered, self.wrong, self.is_over = port, [0] * CALLERS, [], False
        self.threads = [threading.Thread(target=self.call, args=(at,)) for at in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def call(self, at):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.is_over:
            try:
                connection.request("POST", "/core/inbound-calls", CALL, HEADERS)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200 or json.loads(body)["rule"] != "Nobody":
                    self.wrong.append(f"{answer.status} {body!r}")
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
                connection.close()
            self.answered[at] += 1
        connection.close()

    def end(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()


def configuration(front, servers):
    """The file of HAProxy, with other ports."""
    with open(CONFIGURATION) as file:
        text = file.read()
    for before, after in [(8000, front), (8080, servers[0].port), (8081, servers[1].port)]:
        assert text.count(f"127.0.0.1:{before}") == 1, f"the file names port {before} once"
        text = text.replace(f"127.0.0.1:{before}", f"127.0.0.1:{after}")
    path = os.path.join(FOLDER, "haproxy.cfg")
    with open(path, "w") as file:
        file.write(text)
    return path


def main():
    first = Server("a")
    config = json.dumps({"workflow_definition": PLAN})
    assert request(first.port, "POST", "/core/inbound-routing-config", config)[0] == 201
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(PATIENCE) == 0
    shutil.copy(os.path.join(FOLDER, "a.db"), os.path.join(FOLDER, "b.db"))
    first.start()
    servers = [first, Server("b")]
    front = free_port()
    haproxy = subprocess.Popen(["haproxy", "-db", "-f", configuration(front, servers)])
    callers = None
    try:
        begun = time.monotonic()
        while socket.socket().connect_ex(("127.0.0.1", front)) != 0:
            assert time.monotonic() < begun + PATIENCE, "HAProxy does not start"
            time.sleep(0.1)
        for server in servers:
            while request(server.port, "GET", "/readyz")[0] != 200:
                time.sleep(0.1)
        callers = Callers(front)
        for at in range(int(ROUNDS)):
            for server in servers:
                server.wait_for_calls(20)
                server.restart()
                print(f"round {at + 1}: {server.name} was restarted, {sum(callers.answered)} calls answered", flush=True)
                server.wait_for_calls(20)
    finally:
        if callers:
            callers.end()
        for process in [haproxy, *(server.process for server in servers)]:
            process.kill()
            process.wait()
    calls, wrong = sum(callers.answered), callers.wrong
    print(f"{calls} calls, {len(wrong)} refused, unanswered or decided otherwise")
    for line in wrong[:10]:
        print(f"  {line}")
    sys.exit(1 if wrong or calls == 0 else 0)


main()
