# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, driven by its DevTools protocol through a pair of pipes: no driver, no port."""

import base64
import json
import os
import shutil
import subprocess
import tempfile


class Browser:
    """One page of one browser, and all that it complained of or asked the network for."""

    def __init__(self, command="chromium"):
        self.home = tempfile.mkdtemp(prefix="tracebench-browser-")
        ours, theirs = os.pipe(), os.pipe()
        options = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
                   "--disable-dev-shm-usage", "--user-data-dir=" + self.home]
        if os.geteuid() == 0:
            options.append("--no-sandbox")
        # Descriptors 3 and 4 are where it looks.
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (ours[0], theirs[1]), "sh", command, *options],
            pass_fds=(ours[0], theirs[1]), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(ours[0])
        os.close(theirs[1])
        self.to, self.out = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")
        self.unread, self.last, self.session = b"", 0, None
        self.complaints, self.requests, self.loaded = [], [], 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (EOFError, BrokenPipeError):
            pass
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _message(self):
        while b"\0" not in self.unread:
            more = os.read(self.out.fileno(), 1 << 16)
            if not more:
                raise EOFError("the browser went away")
            self.unread += more
        text, self.unread = self.unread.split(b"\0", 1)
        return json.loads(text)

    def _note(self, event, params):
        if event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(arg.get("value", arg.get("description")))
                                            for arg in params["args"]))
        elif event == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Page.javascriptDialogOpening":
            self.complaints.append("a dialog: " + params["message"])
        elif event == "Page.loadEventFired":
            self.loaded += 1

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while True:
            answer = self._message()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            if "method" in answer:
                self._note(answer["method"], answer["params"])

    def look(self, width=1280, height=900, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, path, scripts=True):
        self.complaints, self.requests = [], []
        before = self.loaded
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while self.loaded == before:
            answer = self._message()
            if "method" in answer:
                self._note(answer["method"], answer["params"])

    def ask(self, expression):
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def settle(self):
        """Two frames on: what was laid out anew has been drawn."""
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def picture(self, path, selector=None, whole=False):
        clip = {}
        if selector:
            box = self.ask("(r => [r.x + scrollX, r.y + scrollY, r.width, r.height])"
                           "(document.querySelector(%s).getBoundingClientRect())" % json.dumps(selector))
            clip = {"clip": dict(zip(("x", "y", "width", "height"), box), scale=1)}
        data = self.call("Page.captureScreenshot", captureBeyondViewport=bool(selector or whole), **clip)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))
