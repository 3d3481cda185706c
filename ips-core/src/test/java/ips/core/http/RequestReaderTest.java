package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest extends RequestReading {
    @Test
    void takesPathQueryCookiesAndHeadersApart() {
        String told =
                read(
                        "GET http://h/a/b?x=1&y&=z&&u=a=b HTTP/1.1\r\nHost: h\r\nUser-Agent: ua\r\n"
                                + "Cookie: a=1; b=2;c\r\nReferer: http://r/p?q=a+b\r\n"
                                + "X-Other: o\r\n\r\n");

        assertEquals(
                "PATH =http://h/a/b\nQUERY x=1\nQUERY =y\nQUERY =z\nQUERY u=a=b\n"
                        + "USER_AGENT User-Agent=ua\nCOOKIE a=1\nCOOKIE b=2\nCOOKIE =c\n"
                        + "REFERER Referer=http://r/p\nREFERER q=a b\nHEADER X-Other=o\n",
                told);
        assertEquals("/a/b", parts.path);
    }

    @Test
    void looksAtRoutineHeadersThatHoldSignsTheyNeverNeed() {
        String told = read("GET / HTTP/1.1\r\nHost: ${jndi:x}\r\nAccept: a/b, */*;q=0.8\r\n\r\n");

        assertEquals("PATH =/\nHEADER Host=${jndi:x}\n", told);
    }

    @Test
    void takesFormsApart() {
        assertEquals(
                "FORM a=1%27\nFORM b=\nFORM =c\n",
                body("application/x-www-form-urlencoded", "a=1%27&b=&c"));
        assertEquals("/p", parts.path);
    }

    @Test
    void takesJsonApart() {
        assertEquals(
                "JSON user=O'Brien\nJSON =list\nJSON list=x\nJSON list=y\nJSON =$ne\nJSON $ne=\"\\n\u00c3\u00a9\n",
                body(
                                "application/json",
                                "{\"user\": \"O\\u0027Brien\", \"list\": [\"x\", \"y\", 1],"
                                        + " \"$ne\": [null, \"\\\"\\n\\u00e9\"]}")
                        .replace("é", "\u00c3\u00a9"));
    }

    @Test
    void namesAnOperatorOfJsonByTheFieldItIsFor() {
        assertEquals(
                "JSON =user\nJSON user[$ne]=\nJSON =user[$in]\nJSON user[$in]=a\nJSON =age\n"
                        + "JSON =age[$gt]\nJSON =$or\n",
                body(
                        "application/json",
                        "{\"user\": {\"$ne\":\"\", \"$in\": [\"a\"]},"
                                + " \"age\":{\"$gt\":5},\"$or\":[]}"));
    }

    @Test
    void namesAnOperatorThatIsTheDocumentItself() {
        assertEquals("JSON [$gt]=\n", body("application/json", " {\"$gt\":\"\"}"));
        assertEquals(
                "JSON [$gt]=\nJSON =$match\nJSON =$match[$gt]\n",
                body("application/json", "[{\"$match\":{\"$gt\":1}}]"));
    }

    @Test
    void handsOutJsonThatIsNoneWhole() {
        assertEquals("JSON =x\nBODY ='x' or \"x\"\n", body("application/json", "'x' or \"x\""));
    }

    @Test
    void takesMultipartApart() {
        String told =
                body(
                        "multipart/form-data; boundary=\"bb\"",
                        "--bb\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1' or\r\n--x\r\n"
                                + "--bb\r\nContent-Disposition: form-data; name=f;"
                                + " filename=\"../e\"vil.php\"\r\nContent-Type: x/y\r\n\r\n"
                                + "<?php\r\n--bb--\r\n");

        assertEquals(
                "MULTIPART a=1' or\r\\n--x\nHEADER Content-Type=x/y\n"
                        + "FILE_NAME f=../e\"vil.php\nFILE =<?php\n",
                told);
    }

    @Test
    void handsOutTheBeginningOfAFile() {
        String told =
                body(
                        "multipart/form-data; boundary=bb",
                        "--bb\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n"
                                + "x".repeat(5000)
                                + "\r\n--bb--\r\n");

        assertEquals("FILE_NAME f=a\nFILE =" + "x".repeat(1024) + "\n", told);
    }

    @Test
    void takesAFileWithoutANameForAField() {
        String value = "x".repeat(2000);

        String told =
                body(
                        "multipart/form-data; boundary=bb",
                        "--bb\r\nContent-Disposition: form-data; name=f; filename=\"\"\r\n\r\n"
                                + value
                                + "\r\n--bb--\r\n");

        assertEquals("MULTIPART f=" + value + "\n", told);
    }

    @Test
    void findsTheBoundaryInTheBodyIfTheHeaderNamesAnother() {
        assertEquals(
                "MULTIPART n=v\n",
                body(
                        "multipart/form-data; boundary=other",
                        "--real\nContent-Disposition: form-data; name=n\n\nv\n--real--\n"));
    }

    @Test
    void takesXmlApart() {
        assertEquals(
                "XML a=1 < 2\nXML =it's\nXML =raw <b>\nXML = it's raw <b>\n"
                        + "XML_PROLOG =<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + " <![CDATA[raw <b>]]></r> \n",
                body(
                        "text/xml",
                        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM"
                                + " \"file:///etc/passwd\">]><r a='1 &lt; 2'> it&#x27;s "
                                + "<![CDATA[raw <b>]]></r>"));
    }

    @ParameterizedTest
    @CsvSource({
        "<body>a</body>, false",
        "<body onload='x()'>a</body>, true",
        "<img/>, true",
        "<script>a</script>, true"
    })
    void tellsMarkupOfPagesInXmlWhereItCanRunSomething(String element, boolean told) {
        String parts = body("text/xml", "<r>" + element + "</r>");

        assertEquals(told, parts.contains("XML_PROLOG"), parts);
    }

    @Test
    void joinsXmlTextThatCommentsAndCdataSectionsCut() {
        String told =
                body(
                        "text/xml",
                        "<r>1' uni<!-- x -->on<![CDATA[ sel]]>ect &lt;<b/>apart<!--y--></r>");

        assertTrue(told.contains("XML =1' union select <\n"), told);
        assertTrue(told.contains("XML =apart\n"), told);
    }

    @Test
    void handsOutNameAndPasswordOfBasicAuthorization() {
        String told = read("GET / HTTP/1.1\r\nAuthorization: Basic  YTpi\r\n\r\n");

        assertEquals("PATH =/\nHEADER Authorization=YTpi\n", told);
    }

    @Test
    void takesABodyWithoutATypeForAFormIfItBeginsAsOne() {
        String told = read("POST /p HTTP/1.1\r\nContent-Length: 7\r\n\r\na=1&b=2");

        assertEquals("PATH =/p\nFORM a=1\nFORM b=2\n", told);
    }

    @Test
    void looksAtATypeThatHoldsASignThatTypesNeverNeed() {
        String told = read("GET / HTTP/1.1\r\nContent-Type: text/`id`\r\n\r\n");

        assertEquals("PATH =/\nHEADER Content-Type=text/`id`\n", told);
    }

    @Test
    void looksAtTheHeadersOfAFieldOfAMultipartBody() {
        String told =
                body(
                        "multipart/form-data; boundary=b",
                        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n"
                                + "Content-Type: %{1+1}\r\n\r\nx\r\n--b--\r\n");

        assertEquals("HEADER Content-Type=%{1+1}\nFILE_NAME f=a\nFILE =x\n", told);
    }

    @Test
    void handsOutBodiesOfOtherTypesWhole() {
        assertEquals("BODY =a=b&c\n", body("text/plain", "a=b&c"));
    }

    @Test
    void looksAtAMebibyteOfABody() {
        String told = body("application/x-www-form-urlencoded", "a=b&".repeat(300_000));

        assertEquals((1 << 20) / 4, told.split("FORM a=b\n", -1).length - 1);
        assertEquals(1, counters.get(Counter.HTTP_BODIES_CUT));
    }

    @Test
    void looksAtABodyThatBreaksOff() {
        String told = read("POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\nid=1");

        assertTrue(told.endsWith("FORM id=1\n"), told);
    }

    @Test
    void looksAtAChunkedBodyThatBreaksOffBeforeItsTrailers() {
        String told =
                read("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nid=1\r\n0\r\n");

        assertTrue(told.endsWith("FORM id=1\n"), told);
    }

    @Test
    void looksAtABodyThatATunnelCutsOff() {
        parser.opened(0);
        feed(
                0,
                "POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\nid=1"
                        .getBytes(StandardCharsets.ISO_8859_1),
                1000);
        byte[] answer = "HTTP/1.1 101 Switching\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        parser.bytes(0, false, new FrameBuffer(answer), 0, answer.length);

        assertTrue(parts.text.toString().endsWith("FORM id=1\n"));
    }

    @Test
    void looksAtBodiesThatHaveToMakeWay() {
        byte[] start =
                "POST /p HTTP/1.1\r\nContent-Length: 9\r\n\r\nid"
                        .getBytes(StandardCharsets.ISO_8859_1);
        for (int stream = 0; stream < 50; stream++) {
            parser.opened(stream);
            feed(stream, start, 1000);
        }

        assertEquals(43, counters.get(Counter.HTTP_BODIES_CUT));
        assertEquals(43, parts.text.toString().split("BODY =id\n", -1).length - 1);
    }

    @Test
    void tellsTheSamePartsHoweverBytesAreCut() {
        for (int seed = 0; seed < 100; seed++) {
            String traffic = HttpTraffic.requests(new Random(seed), false);
            byte[] bytes = traffic.getBytes(StandardCharsets.ISO_8859_1);
            parts.text.setLength(0);
            String whole = read(traffic);
            for (int size : new int[] {1, 3, 50}) {
                parts.text.setLength(0);
                parser.opened(1);
                feed(1, bytes, size);
                parser.closed(1);

                assertEquals(whole, parts.text.toString(), "seed " + seed + " by " + size);
            }
        }
    }
}
