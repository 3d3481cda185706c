package ips.cli.control;

import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was found and done about each address lately, for {@code ips explain}. Written on the block
 * manager's thread, read by any; the {@link #MOST_ADDRESSES} addresses touched last, {@link
 * #MOST_NOTES} notes each: some 10 MB when full.
 */
public final class AddressHistory implements BlockListener {
    static final int MOST_ADDRESSES = 4096;
    static final int MOST_NOTES = 16;

    /** Something that happened. */
    public record Note(long ns, String event, String text) {}

    /** A campaign of the address, its latest counts, and why it led to no ban, if it did not. */
    public record Campaign(Detection detection, boolean ended, SpareReason spared) {}

    /** Notes and campaigns, the eldest first. */
    public record History(List<Note> notes, List<Campaign> campaigns) {}

    private static final class Entry {
        final List<Note> notes = new ArrayList<>();
        final LinkedHashMap<Long, Campaign> campaigns =
                new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, Campaign> eldest) {
                        return size() > MOST_NOTES;
                    }
                };
    }

    private final Map<Cidr, Entry> entries =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Cidr, AddressHistory.Entry> eldest) {
                    return size() > MOST_ADDRESSES;
                }
            };

    private long nowNs;

    private Entry entry(Cidr address) {
        return entries.computeIfAbsent(address, key -> new Entry());
    }

    private void note(Cidr address, long ns, String event, String text) {
        List<Note> notes = entry(address).notes;
        if (notes.size() == MOST_NOTES) {
            notes.remove(0);
        }
        notes.add(new Note(ns, event, text));
    }

    private void campaign(Detection detection, boolean ended, SpareReason spared) {
        if (detection.source() != null) {
            entry(detection.kind().accused(detection.source()))
                    .campaigns
                    .put(detection.number(), new Campaign(detection, ended, spared));
        }
    }

    @Override
    public synchronized void detected(Detection detection) {
        campaign(detection, false, null);
    }

    @Override
    public synchronized void ended(Detection detection) {
        Cidr source =
                detection.source() == null ? null : detection.kind().accused(detection.source());
        if (source != null && entries.containsKey(source)) {
            Campaign before = entry(source).campaigns.get(detection.number());
            campaign(detection, true, before == null ? null : before.spared());
        }
    }

    @Override
    public synchronized void spared(Detection detection, SpareReason reason) {
        campaign(detection, false, reason);
    }

    @Override
    public synchronized void banned(Ban ban, Detection cause, boolean prolonged) {
        if (!prolonged) {
            note(
                    ban.address(),
                    ban.fromNs(),
                    cause == null ? "banned by hand" : "banned",
                    "scope " + ban.scope().word() + ": " + ban.reason());
        }
    }

    @Override
    public synchronized void restored(Ban ban) {
        note(ban.address(), ban.fromNs(), "ban taken over", "scope " + ban.scope().word());
    }

    @Override
    public synchronized void released(Ban ban, ReleaseReason reason) {
        String why = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        long endNs = ban.endedNs(reason, nowNs);
        note(ban.address(), endNs, "released", why + ", scope " + ban.scope().word());
    }

    @Override
    public synchronized void tick(long tickNs) {
        nowNs = tickNs;
    }

    /** What is known of an address or network, and of the networks around it; any thread. */
    synchronized History of(Cidr asked) {
        List<Note> notes = new ArrayList<>();
        List<Campaign> campaigns = new ArrayList<>();
        entries.forEach(
                (network, entry) -> {
                    if (network.contains(asked)) {
                        notes.addAll(entry.notes);
                        campaigns.addAll(entry.campaigns.values());
                    }
                });
        notes.sort(Comparator.comparingLong(Note::ns));
        campaigns.sort(Comparator.comparingLong(each -> each.detection().number()));
        return new History(notes, campaigns);
    }
}
