package ips.capture;

import ips.core.packet.FrameBuffer;
import ips.core.pipeline.FrameSink;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;
import org.pcap4j.core.RawPacketListener;

/**
 * Captures with libpcap by way of pcap4j, on any system that has it. Slower than {@link
 * AfPacketSource}: pcap4j makes an array of each frame.
 *
 * <p>An interface that goes down or away is opened again until it is back. Polling and closing take
 * a lock, once per poll: libpcap's handle must not be closed while it is read.
 */
public final class Pcap4jSource implements LiveSource {
    private static final int SNAP_LENGTH = FormatReader.MAX_FRAME_BYTES;

    /** On Linux 128 blocks, of which {@link #TIMEOUT_MS} uses up one: a second of being held up. */
    private static final int BUFFER_BYTES = 32 * 1024 * 1024;

    private static final int TIMEOUT_MS = 8;

    /** There is no waking by frames: this is how late they can be. */
    private static final int LONGEST_WAIT_MS = 10;

    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LATE_MS = 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final String name;
    private final String filter;
    private final int interfaceIndex;
    private final Warnings warnings;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SNAP_LENGTH);
    private final FrameBuffer frame = new FrameBuffer(bytes.duplicate());
    private final RawPacketListener listener = this::frame;
    private PcapHandle handle;
    private boolean closed;
    private int linkType;
    private long dropped;
    private long checkedNs = System.nanoTime();
    private FrameSink sink;
    private volatile String status = "";

    private Pcap4jSource(String name, String filter, int interfaceIndex) {
        this.name = name;
        this.filter = filter;
        this.interfaceIndex = interfaceIndex;
        this.warnings = new Warnings(name);
    }

    /**
     * Begins to capture.
     *
     * @param filter in the language of pcap-filter(7), "" for every frame
     * @throws CaptureException without libpcap, the right to, the interface, or for a bad filter
     */
    public static Pcap4jSource open(String name, String filter) throws CaptureException {
        return open(name, filter, 0);
    }

    static Pcap4jSource open(String name, String filter, int interfaceIndex)
            throws CaptureException {
        Pcap4jSource source = new Pcap4jSource(name, filter, interfaceIndex);
        try {
            source.open();
        } catch (PcapNativeException e) {
            throw new CaptureException(
                    isRefused(e)
                            ? CaptureException.Reason.PERMISSION
                            : CaptureException.Reason.OTHER,
                    "libpcap cannot capture on %s: %s%s".formatted(name, oneLine(e), remedy(e)),
                    e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new CaptureException(
                    "capture with pcap needs libpcap (Debian: libpcap0.8, Windows: Npcap); install it",
                    e);
        }
        return source;
    }

    private static boolean isRefused(PcapNativeException e) {
        return oneLine(e).contains("permi");
    }

    private static String remedy(PcapNativeException e) {
        return isRefused(e)
                ? "; start the sensor with sudo, or with AmbientCapabilities=CAP_NET_RAW in its systemd unit"
                : "";
    }

    private static String oneLine(PcapNativeException e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
    }

    private void open() throws PcapNativeException, CaptureException {
        PcapHandle opened =
                new PcapHandle.Builder(name)
                        .snaplen(SNAP_LENGTH)
                        .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                        .timeoutMillis(TIMEOUT_MS)
                        .bufferSize(BUFFER_BYTES)
                        .timestampPrecision(PcapHandle.TimestampPrecision.NANO)
                        .build();
        try {
            if (!filter.isBlank()) {
                try {
                    opened.setFilter(filter, BpfCompileMode.OPTIMIZE);
                } catch (PcapNativeException e) {
                    throw new CaptureException(
                            CaptureException.Reason.FILTER,
                            "the filter '%s' does not compile: %s".formatted(filter, oneLine(e)),
                            e);
                }
            }
            // A dispatch that blocks would do so for ever on an idle link (libpcap on Linux).
            opened.setBlockingMode(PcapHandle.BlockingMode.NONBLOCKING);
            linkType = opened.getDlt().value() & 0xffff;
            dropped = 0;
            handle = opened;
            opened = null;
        } catch (NotOpenException e) {
            throw new CaptureException(name + " was closed while it was opened", e);
        } finally {
            if (opened != null) {
                opened.close();
            }
        }
    }

    @Override
    public synchronized int take(FrameSink target, int limit) {
        if (closed) {
            return ENDED;
        }
        sink = target;
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs >= CHECK_NS) {
            checkedNs = nowNs;
            check();
        }
        if (handle == null) {
            return 0;
        }
        try {
            return Math.max(0, handle.dispatch(limit, listener));
        } catch (PcapNativeException e) {
            warnings.add(oneLine(e));
            handle.close();
            handle = null;
            status = name + ": " + oneLine(e) + "; frames will be read when it is up again";
        } catch (NotOpenException e) {
            handle = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void frame(byte[] captured) {
        Timestamp time = handle.getTimestamp();
        int length = Math.min(captured.length, SNAP_LENGTH);
        bytes.put(0, captured, 0, length);
        sink.frame(
                Math.floorDiv(time.getTime(), 1_000L) * SECOND_NS + time.getNanos(),
                frame,
                0,
                length,
                Math.max(length, handle.getOriginalLength()),
                linkType,
                interfaceIndex,
                0);
    }

    private void check() {
        try {
            if (handle == null) {
                open();
                warnings.add("is up again");
                status = "";
            } else {
                PcapStat statistics = handle.getStats();
                long now =
                        statistics.getNumPacketsDropped() + statistics.getNumPacketsDroppedByIf();
                if (now > dropped) {
                    sink.lost(now - dropped, true);
                }
                dropped = now;
            }
        } catch (PcapNativeException | CaptureException | NotOpenException e) {
            // Where it cannot be opened yet, its status says so and the next check tries again; of
            // an
            // open one the next dispatch says what is wrong.
        }
    }

    @Override
    public void await(int timeoutMs) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(timeoutMs, LONGEST_WAIT_MS)));
    }

    @Override
    public long idleTimeNs() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - TIMEOUT_MS - LATE_MS);
    }

    @Override
    public List<String> interfaces() {
        return List.of(name);
    }

    @Override
    public List<String> warnings() {
        return warnings.list();
    }

    @Override
    public String status() {
        return status;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }
}
