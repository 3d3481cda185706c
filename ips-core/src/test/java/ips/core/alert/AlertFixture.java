package ips.core.alert;

import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;

/** Detections and bans for the tests of this package. */
final class AlertFixture {
    static final long SECOND = 1_000_000_000L;

    /** 2026-11-23T06:46:25.123456Z. */
    static final long START = 1_795_416_385_123_456_000L;

    private AlertFixture() {}

    static Detection detection(Kind kind, String source, String destination, int port) {
        return detection(kind, source, destination, port, Evidence.of("half_open", 51, "ok", true));
    }

    static Detection detection(
            Kind kind, String source, String destination, int port, Evidence evidence) {
        return new Detection(
                7,
                kind,
                Action.BAN,
                BanScope.SYN,
                source == null ? null : IpAddress.parse(source),
                destination == null ? null : IpAddress.parse(destination),
                port,
                51,
                START - 2 * SECOND,
                START,
                10,
                99,
                evidence);
    }

    static Ban ban(String address, String reason, int repeat) {
        return new Ban(
                Cidr.parse(address),
                BanScope.SYN,
                Kind.SYN_FLOOD,
                reason,
                START,
                START + 60 * SECOND,
                repeat);
    }
}
