package ips.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "results|results",
                "compare old.json|NEW",
                "peers --data CATS|expected one of",
                "peers --runs many|is not an int",
                "peers --runs 0|--runs are 1 or more",
                "peers --program zeek=/usr/bin/zeek|--program zeek: expected one of suricata, snort",
            })
    void saysWhatIsWrongWithACommandLineInASentence(String arguments, String said) {
        StringWriter err = new StringWriter();

        int exitCode =
                Bench.commandLine().setErr(new PrintWriter(err)).execute(arguments.split(" "));

        assertEquals(2, exitCode, err::toString);
        assertTrue(err.toString().startsWith("ips bench: "), err::toString);
        assertTrue(err.toString().contains(said), err::toString);
        assertEquals(2, err.toString().lines().count(), err::toString);
    }
}
