package ips.capture;

import com.sun.jna.Platform;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.Share;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Captures on a Linux interface from a ring that the kernel fills (AF_PACKET, TPACKET_V3). Frames
 * are read in place, none is copied unless it has a VLAN tag, none allocates. Memory: the ring,
 * {@code blockBytes * blocks}.
 *
 * <p>Survives the link's going down, and the interface's being removed and made again; {@link
 * #status} says what it waits for, {@link #warnings} what has happened. On the loopback interface
 * each frame is taken once, as it comes in.
 *
 * <p>Polling and closing take a lock, once per poll: the ring must not be unmapped while it is
 * read.
 */
public final class AfPacketSource implements LiveSource {
    /**
     * The ring's measures. A block is used up when it is full or its time is over, however few
     * frames are in it: {@code blocks * blockMs} is how long the capture thread may be held up on a
     * slow link before frames are lost, one second with the defaults (16 MiB).
     */
    public record Config(
            @Setting("bytes of a block of the ring: a power of two, 65536 to 4194304")
                    int blockBytes,
            @Setting("blocks in the ring, 2 to as many as make 1 GiB") int blocks,
            @Setting(
                            "milliseconds after which the kernel hands over a block that is not full,"
                                    + " 1 to 1000")
                    int blockMs,
            @Setting("whether frames for other hosts are captured, too") boolean promiscuous) {
        public static final Config DEFAULTS = new Config(128 * 1024, 128, 8, true);

        public Config {
            Settings.powerOfTwo("block-bytes", blockBytes, 64 * 1024, 4 * 1024 * 1024);
            Settings.within("blocks", blocks, 2, (1 << 30) / blockBytes);
            Settings.within("block-ms", blockMs, 1, 1_000);
        }
    }

    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LATE_MS = 10;

    private final String name;
    private final Config config;
    private final BpfFilter filter;
    private final int interfaceIndex;
    private final Warnings warnings;
    private PacketSocket socket;
    private Share share = Share.whole(1, 0);
    private boolean down;
    private boolean closed;
    private long checkedNs = System.nanoTime();
    private volatile String status = "";

    private AfPacketSource(
            String name, Config config, BpfFilter filter, int interfaceIndex, PacketSocket socket) {
        this.name = name;
        this.config = config;
        this.filter = filter;
        this.interfaceIndex = interfaceIndex;
        this.socket = socket;
        this.warnings = new Warnings(name);
    }

    /**
     * Begins to capture.
     *
     * @param filter in the language of pcap-filter(7), "" for every frame
     * @throws CaptureException without the right to, without the interface, or for a bad filter
     */
    public static AfPacketSource open(String name, String filter, Config config)
            throws CaptureException {
        return open(name, filter, config, 0);
    }

    static AfPacketSource open(String name, String filter, Config config, int interfaceIndex)
            throws CaptureException {
        if (!Platform.isLinux()) {
            throw new CaptureException("AF_PACKET is of Linux only; capture with pcap here");
        }
        try {
            PacketSocket.checkPermission(name);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new CaptureException(
                    "JNA cannot load its native library (%s); let it unpack to a folder where programs may run, -Djna.tmpdir=FOLDER"
                            .formatted(e.getMessage()),
                    e);
        }
        BpfFilter compiled =
                filter.isBlank()
                        ? null
                        : BpfFilter.compile(filter, name, PacketSocket.linkType(name));
        PacketSocket socket = PacketSocket.open(name, config, compiled, interfaceIndex);
        return new AfPacketSource(name, config, compiled, interfaceIndex, socket);
    }

    /**
     * Leaves out in the kernel what falls to other pipelines, now and whenever the link is back.
     */
    @Override
    public synchronized void narrow(Share share) throws CaptureException {
        this.share = share;
        if (socket != null) {
            socket.attach(filter, share);
        }
    }

    @Override
    public synchronized int take(FrameSink sink, int limit) {
        if (closed) {
            return ENDED;
        }
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs >= CHECK_NS) {
            checkedNs = nowNs;
            check(sink);
        }
        return socket == null ? 0 : socket.take(sink, limit);
    }

    @Override
    public synchronized void await(int timeoutMs) {
        if (socket == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        } else if (socket.await(timeoutMs) != 0 && !down) {
            down = true;
            tell("is down; frames will be read when it is up again");
        }
    }

    @Override
    public synchronized int descriptor() {
        return socket == null ? -1 : socket.descriptor();
    }

    @Override
    public long idleTimeNs() {
        long lateMs = config.blockMs() + LATE_MS;
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - lateMs);
    }

    /** Ten times a second: what the kernel dropped, and whether the link is well. */
    private void check(FrameSink sink) {
        if (socket != null) {
            long drops = socket.takeDrops();
            if (drops > 0) {
                sink.lost(drops, true);
            }
            if (down) {
                checkLink();
            }
        } else {
            reopen();
        }
    }

    private void checkLink() {
        if (!socket.isThere()) {
            socket.close();
            socket = null;
            tell("has gone; frames will be read when it is there again");
        } else if (socket.isUp()) {
            down = false;
            warnings.add("is up again");
            status = "";
        }
    }

    private void reopen() {
        if (Linux.if_nametoindex(name) == 0) {
            return;
        }
        try {
            socket = PacketSocket.open(name, config, filter, interfaceIndex);
            socket.attach(filter, share);
            down = false;
            warnings.add("is there again");
            status = "";
        } catch (CaptureException e) {
            status = e.getMessage(); // and once more in a tenth of a second
        }
    }

    private void tell(String what) {
        warnings.add(what);
        status = name + " " + what;
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
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
