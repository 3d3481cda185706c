package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** Finds Shellshock (CVE-2014-6271): a value that begins as a function of bash, {@code () {}. */
@HotPath
public final class ShellshockJudge implements Judge {
    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int n = text.length();
        byte[] b = text.bytes();
        for (int i = 0; i + 2 < n; i++) {
            if (b[i] != '(') {
                continue;
            }
            int k = text.skipSpace(i + 1);
            if (text.at(k) != ')') {
                continue;
            }
            int brace = text.skipSpace(k + 1);
            if (text.at(brace) != '{') {
                continue;
            }
            int start = 0;
            while (start < i
                    && (b[start] == ' '
                            || b[start] == '"'
                            || b[start] == '\''
                            || b[start] == '\n')) {
                start++;
            }
            int body = text.skipSpace(brace + 1);
            int c = text.at(body);
            boolean shell =
                    (c == ':' || c == '_') && text.at(text.skipSpace(body + 1)) == ';'
                            || text.startsWith("_; }", body)
                            || text.startsWith("ignored", body)
                            || text.startsWith("foo", body) && text.at(body + 3) == ';';
            if (start == i) {
                out.raise(130, "bash-function", i, brace + 1);
                return;
            }
            if (shell) {
                out.raise(95, "bash-function", i, brace + 1);
                return;
            }
        }
    }
}
