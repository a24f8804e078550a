"""Another site: its own origin, a strict policy, and one script tag."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POLICY = (
    "default-src 'none'; script-src 'self' {helpline}; style-src 'self'; frame-src {helpline}; "
    "require-trusted-types-for 'script'"
)

PAGE = """<!doctype html><html lang="en"><title>Another site</title>
<meta name="viewport" content="width=device-width">
<script src="/site.js"></script>
<main><h1>Another site</h1><a href="#more">Read more</a></main>
<script src="{helpline}/widget/loader.js" data-label="Ask us" data-position="left" defer></script>
"""

SCRIPT = """
window.events = [];
window.posts = [];
addEventListener("message", ({ data }) => posts.push(data));
addEventListener("load", () => {
  for (const name of ["open", "close", "unread", "error"]) {
    Helpline.on(name, (detail) => events.push([name, detail]));
  }
});
"""


class Site:
    """Serves its page from a thread until it is stopped."""

    def __init__(self):
        site = self
        self.helpline = ""

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                is_script = self.path == "/site.js"
                text = SCRIPT if is_script else PAGE.format(helpline=site.helpline)
                self.send_response(200)
                self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
                self.send_header("Content-Security-Policy", POLICY.format(helpline=site.helpline))
                self.end_headers()
                self.wfile.write(text.encode())

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # Another host name than the helpline's makes it another site to the browser.
        self.url = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
