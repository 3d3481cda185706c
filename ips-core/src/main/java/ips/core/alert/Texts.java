package ips.core.alert;

import ips.core.block.BlockListener.ReleaseReason;
import ips.core.block.BlockListener.SpareReason;
import ips.core.block.Detection;
import ips.core.block.PrintableAscii;
import ips.core.verdict.SignatureAlert;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How times, durations and campaigns read in one line. */
final class Texts {
    private static final DateTimeFormatter ISO_MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Texts() {}

    /** {@code 2026-11-23T06:46:25.123Z}. */
    static String isoTime(long ns) {
        return ISO_MILLIS.format(instant(ns));
    }

    static Instant instant(long ns) {
        return Instant.ofEpochSecond(0, ns);
    }

    /** {@code 60s}, {@code 2.5s}, {@code 1h}, {@code 1m30s}, {@code 30d}, {@code 2d1h}. */
    static String duration(long ns) {
        Duration rounded = Duration.ofMillis(Math.round(ns / 1e6));
        long days = rounded.toDays() < 2 ? 0 : rounded.toDays();
        Duration rest = rounded.minusDays(days);
        return (days == 0 ? "" : days + "d")
                + (days > 0 && rest.isZero()
                        ? ""
                        : rest.toString().substring(2).toLowerCase(Locale.ROOT));
    }

    /** {@code SYN flood from 198.51.100.7 to 203.0.113.80 port 80}. */
    static String campaign(Detection detection) {
        StringBuilder text = new StringBuilder(detection.kind().title());
        if (detection.source() != null) {
            text.append(" from ").append(detection.kind().accused(detection.source()));
        } else {
            text.append(" from many sources");
        }
        if (detection.destination() != null) {
            text.append(" to ").append(detection.destination());
        }
        if (detection.port() != 0) {
            text.append(" port ").append(detection.port());
        }
        return PrintableAscii.escape(text.toString());
    }

    /** {@code Web shell (1:7400101:1) from 198.51.100.7 to 203.0.113.80 port 80}. */
    static String alert(SignatureAlert alert) {
        StringBuilder text = new StringBuilder(alert.rule().message());
        text.append(" (").append(alert.rule().id()).append(')');
        if (alert.source() != null) {
            text.append(" from ").append(alert.source()).append(" to ").append(alert.destination());
        }
        if (alert.destinationPort() != 0) {
            text.append(" port ").append(alert.destinationPort());
        }
        return PrintableAscii.escape(text.append(alert.blocked() ? ", blocked" : "").toString());
    }

    /** {@code 51 in 0.2s (half_open=51 threshold=50)}. */
    static String counts(Detection detection) {
        String evidence = detection.evidence().toString();
        return detection.count()
                + " in "
                + duration(detection.lastNs() - detection.firstNs())
                + (evidence.isEmpty() ? "" : " (" + PrintableAscii.escape(evidence) + ")");
    }

    static String word(ReleaseReason reason) {
        return switch (reason) {
            case EXPIRED -> "expired";
            case BY_HAND -> "by hand";
            case EVICTED -> "evicted, the table of bans is full";
            case PROTECTED -> "the address must not be banned";
            case SPOOFED -> "the source is taken for forged";
        };
    }

    static String word(SpareReason reason) {
        return switch (reason) {
            case NEVER_BAN -> "the address must never be banned";
            case ALLOWLIST -> "the address is on the allowlist";
            case BUDGET -> "the budget of bans for this minute is used up";
            case SPOOFED -> "the source is taken for forged";
        };
    }
}
