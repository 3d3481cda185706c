package ips.core.payload.sql;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Normalizer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlJudgeTest {
    private final SqlJudge judge = new SqlJudge(4096);
    private final Normalizer normalizer = new Normalizer(4096);

    private int score(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, normalizer.raw(), 0, bytes.length);
        Judgement judgement = new Judgement();
        judge.judge(normalizer.normalize(bytes.length, false), PartKind.FORM, judgement);
        return judgement.score();
    }

    /** What makes an attack is the structure: the same words out of order are none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "select the union of both groups and order by mail",
                "Please update the table and drop me a line",
                "O'Brien or D'Angelo",
                "it's a dog's life and that's 1 = 1 life",
                "union square hotel, select rooms from 99 dollars",
                "insert coin to continue; delete nothing",
                "rock 'n' roll and 'pop'",
                "where are you from? like, really",
                "5 or 6 shoes",
                "size 10 and 12",
                "1 and only",
                "group by date, having fun",
                "cast iron and char coal",
                "version 2.0 -- final",
                "C# and F#",
                "a || b",
                "--- a note ---"
            })
    void proseScoresLow(String prose) {
        int score = score(prose);

        assertTrue(score < 60, () -> "score " + score);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 or 1=1",
                "1' and 'a'='a",
                "\") or (\"x\"=\"x",
                "x'; drop table users--",
                "1;waitfor delay '0:0:5'--",
                "1 and sleep(5)",
                "1' and extractvalue(1,concat(0x7e,version()))#",
                "-1 union all select null,null,@@version",
                "1'||(select pg_sleep(5))||'",
                "admin'--",
                "1 order by 10-- -",
                "1' procedure analyse(extractvalue(1,1),1)--",
                "1 and ascii(substring((select database()),1,1))>64",
                "1) union(select 1,2)--",
                "1 and 1=(select count(*) from information_schema.tables)",
                "' having 1=1--",
                "1/**/uni/**/on/**/sel/**/ect/**/1,2",
                "0'XOR(if(now()=sysdate(),sleep(6),0))XOR'Z",
                "1;exec master..xp_cmdshell 'dir'",
                "1' into outfile '/tmp/x'--"
            })
    void injectionScoresHigh(String injection) {
        int score = score(injection);

        assertTrue(score >= 80, () -> "score " + score);
    }
}
