package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/** Finds line ends that begin a header or a whole response inside a value (response splitting). */
@HotPath
public final class HeaderJudge implements Judge {
    private static final Words HEADERS =
            Words.of(
                    "set-cookie set-cookie2 location content-type content-length contenttype contentlength"
                            + " transfer-encoding refresh link x-xss-protection"
                            + " content-security-policy access-control-allow-origin"
                            + " content-encoding content-disposition host connection"
                            + " x-forwarded-for x-forwarded-host cookie last-modified etag"
                            + " cache-control expires status bcc cc to subject from"
                            + " mime-version reply-to referer user-agent");

    private static final Words MAIL =
            Words.of("bcc cc to subject from reply-to status link host connection expires");

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        if (!text.has(Text.LINES)) {
            return;
        }
        int n = text.length();
        byte[] b = text.bytes();
        boolean prose = part.multiLine() && n > 160;
        for (int i = 0; i < n; i++) {
            if (b[i] != '\n') {
                continue;
            }
            int start = i + 1;
            while (start < n && (b[start] == ' ' || b[start] == '\n')) {
                start++;
            }
            int k = start;
            while (k < n && k - start < 32 && (b[k] >= 'a' && b[k] <= 'z' || b[k] == '-')) {
                k++;
            }
            if (text.at(k) == ':' && k > start && HEADERS.code(b, start, k) != 0) {
                boolean mail = MAIL.code(b, start, k) != 0;
                int points = mail ? 60 : 95;
                out.raise(prose ? points / 3 : points, "header", i, k + 1);
            } else if (text.startsWith("http/1.", start)) {
                out.raise(prose ? 40 : 100, "response", i, start + 8);
            } else if (b[Math.min(n - 1, start)] == '<'
                    && start - i >= 2
                    && (text.startsWith("<html", start) || text.startsWith("<script", start))) {
                out.raise(prose ? 40 : 90, "response", i, start + 6);
            } else if (start >= n && !part.multiLine() && text.at(i - 1) < 'a') {
                out.raise(n <= 4 && part == PartKind.QUERY ? 80 : 20, "line-end", i, n);
            }
        }
    }
}
