"""A web site on port 8000 and, on port 9000, somebody who says back what is said."""

import http.server
import socketserver
import threading


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "30000")
        self.end_headers()
        self.wfile.write(b"x" * 30000)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024


talker = socketserver.ThreadingTCPServer(("", 9000), Echo)
threading.Thread(target=talker.serve_forever).start()
Server(("", 8000), Web).serve_forever()
