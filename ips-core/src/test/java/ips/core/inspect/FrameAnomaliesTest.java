package ips.core.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameAnomaliesTest {
    private final long[] events = new long[2];
    private final FrameAnomalies anomalies = new FrameAnomalies(events, true);
    private final PacketDecoder decoder = new PacketDecoder(true, new Counters());
    private final Packet packet = new Packet();

    private Set<DecodeEvent> read(FrameBuilder builder) {
        FrameBuffer frame = builder.buildBuffer();
        int length = frame.capacity();
        assertTrue(decoder.decode(frame, 0, length, length, LinkType.ETHERNET, 0, 0, 1, 1, packet));
        anomalies.read(packet);
        return Arrays.stream(DecodeEvent.values())
                .filter(event -> (events[event.ordinal() >> 6] & 1L << event.ordinal()) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(DecodeEvent.class)));
    }

    private static FrameBuilder syn() {
        return FrameBuilder.tcp("192.0.2.1", 40_000, "192.0.2.2", 80);
    }

    private static int[] bytes(String hex) {
        return Arrays.stream(hex.split(" ")).mapToInt(each -> Integer.parseInt(each, 16)).toArray();
    }

    private static Set<DecodeEvent> events(String words) {
        Set<DecodeEvent> all = EnumSet.noneOf(DecodeEvent.class);
        if (words != null) {
            Arrays.stream(words.split(" ")).map(DecodeEvent::of).forEach(all::add);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "02 04 05 b4 01 03 03 07,", // maximum segment size, a gap, window scale
        "02 04 05 b4 02 04 05 b4, tcp.opt_duplicate",
        "02 03 05 01, tcp.opt_invalid_len",
        "03 01 00 00, tcp.opt_invalid_len",
        "03 09 07 00, tcp.opt_invalid_len",
        "01 01 01 03,", // no room for a length
        "00 03 09 07,", // behind the end of the list
    })
    void namesWhatIsOddAboutOptionsOfTcp(String options, String words) {
        assertEquals(events(words), read(syn().tcpOptions(bytes(options))));
    }

    @ParameterizedTest
    @CsvSource({
        "94 04 00 00 01 01 01 01,", // router alert
        "94 04 00 00, ipv4.opt_pad_required",
        "94 04 00 00 94 04 00 00, ipv4.opt_duplicate",
        "94 05 00 00 00 01 01 01, ipv4.opt_invalid_len",
        "94 01 00 00 01 01 01 01, ipv4.opt_invalid_len",
        "01 01 01 01 01 01 01 94, ipv4.opt_eol_required",
        "07 03 03 01 01 01 01 01, ipv4.opt_malformed",
        "9f 04 00 00 01 01 01 01, ipv4.opt_invalid",
    })
    void namesWhatIsOddAboutOptionsOfIpv4(String options, String words) {
        assertEquals(events(words), read(syn().ipOptions(bytes(options))));
    }

    @Test
    void forgetsTheFrameBefore() {
        read(syn().tcpOptions(3, 1, 0, 0));

        assertEquals(Set.of(), read(syn()));
    }
}
