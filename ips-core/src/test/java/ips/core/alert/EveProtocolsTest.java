package ips.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.verdict.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EveProtocolsTest {
    @Test
    void knowsTheProtocolOfEveryKindThatHasButOne() {
        List<Kind> without =
                Stream.concat(Kind.PACKET_KINDS.stream(), Kind.PAYLOAD_KINDS.stream())
                        .filter(kind -> EveProtocols.of(kind, true) == null)
                        .toList();

        assertEquals(List.of(Kind.SCAN_IPPROTO, Kind.SWEEP), without);
    }
}
