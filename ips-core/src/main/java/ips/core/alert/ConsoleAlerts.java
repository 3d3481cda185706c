package ips.core.alert;

import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line for a person at a terminal, per campaign and ban as they begin and end, and per rule and
 * source that alert. On the block manager's thread.
 */
public final class ConsoleAlerts implements BlockListener {
    /** The select-graphic-rendition parameters of ECMA-48. */
    private enum Colour {
        RED("31"),
        YELLOW("33"),
        GREEN("32"),
        GREY("90");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /** Rules and sources that are remembered; some 200 bytes each. */
    private static final int MOST_TOLD = 4096;

    private static final long PAUSE_NS = 60_000_000_000L;

    private final Map<String, Long> told =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST_TOLD;
                }
            };

    private final Appendable out;
    private final boolean colour;

    /** Frame time, as far as it was heard of. */
    private long nowNs;

    /**
     * @param colour whether {@code out} is a terminal that shows colours
     */
    public ConsoleAlerts(Appendable out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** The first of a rule and source, and again after a minute's pause. */
    @Override
    public void alerted(SignatureAlert alert) {
        Long before = told.put(alert.rule().id() + " " + alert.source(), alert.timestampNs());
        if (before != null && alert.timestampNs() - before < PAUSE_NS) {
            return;
        }
        say(alert.timestampNs(), "ALERT", Colour.RED, Texts.alert(alert));
    }

    @Override
    public void detected(Detection detection) {
        say(
                detection.lastNs(),
                "DETECTED",
                Colour.RED,
                Texts.campaign(detection) + ": " + Texts.counts(detection));
    }

    /** Known to have ended a pause after its last event only: lines stay in the order of time. */
    @Override
    public void ended(Detection detection) {
        say(
                Math.max(nowNs, detection.lastNs()),
                "ENDED",
                Colour.GREY,
                Texts.campaign(detection)
                        + ": "
                        + Texts.counts(detection)
                        + ", last seen "
                        + Texts.isoTime(detection.lastNs()));
    }

    @Override
    public void tick(long nowNs) {
        this.nowNs = nowNs;
    }

    @Override
    public void banned(Ban ban, Detection cause, boolean prolonged) {
        if (prolonged && cause != null) {
            return;
        }
        String repeat = ban.repeat() == 0 ? "" : ", ban " + (ban.repeat() + 1) + " of this address";
        say(
                ban.fromNs(),
                "BANNED",
                Colour.YELLOW,
                who(ban)
                        + " for "
                        + Texts.duration(ban.untilNs() - ban.fromNs())
                        + repeat
                        + ": "
                        + ban.reason());
    }

    @Override
    public void released(Ban ban, ReleaseReason reason) {
        long endNs = ban.endedNs(reason, nowNs);
        say(endNs, "RELEASED", Colour.GREEN, who(ban) + ": " + Texts.word(reason));
    }

    @Override
    public void spared(Detection detection, SpareReason reason) {
        say(
                detection.lastNs(),
                "SPARED",
                Colour.YELLOW,
                Texts.campaign(detection) + ": " + Texts.word(reason));
    }

    private static String who(Ban ban) {
        return ban.address() + " (" + ban.scope().word() + ")";
    }

    private void say(long ns, String word, Colour wordColour, String text) {
        String padded = String.format("%-8s", word);
        String shown = colour ? "\u001b[" + wordColour.code + "m" + padded + "\u001b[0m" : padded;
        try {
            out.append(Texts.isoTime(ns) + " " + shown + " " + text + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to the console: " + e.getMessage(), e);
        }
    }
}
