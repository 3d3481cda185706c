package ips.bench.flood;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Kinds of floods, each a sequence of Ethernet frames to one victim, 198.51.100.80, that depends on
 * the seed and the frame's number only.
 */
public enum Flood {
    /** Bare SYNs from one source, source ports rising: hping3 -S --flood. */
    SYN_ONE_SOURCE {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            return FloodFrames.syn(
                    frame, 0xc000_0201, 1024 + number % 60_000, random.nextInt(), false);
        }
    },
    /** SYNs with the options of a Linux client, from 1,000 sources. */
    SYN_OPTIONS {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            int source = 0x0a01_0000 + number % 1000;
            return FloodFrames.syn(
                    frame, source, 1024 + random.nextInt(60_000), random.nextInt(), true);
        }
    },
    /** Bare SYNs from two million spoofed sources in random order. */
    SYN_SPOOFED {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            int source = 0x0b00_0000 + FloodFrames.scatter(random.nextInt(2_000_000));
            return FloodFrames.syn(
                    frame, source, 1024 + random.nextInt(60_000), random.nextInt(), false);
        }
    },
    /** Echo requests of 56 data bytes from one source: ping -f. */
    ICMP {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            return FloodFrames.ping(frame, 0xc000_0202, number, 56);
        }
    },
    /** Echo requests of 1,400 data bytes from one source. */
    ICMP_LARGE {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            return FloodFrames.ping(frame, 0xc000_0202, number, 1400);
        }
    },
    /** Datagrams of 32 bytes to one closed port, from two million spoofed sources. */
    UDP_SPOOFED {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            int source = 0x0b00_0000 + FloodFrames.scatter(random.nextInt(2_000_000));
            return FloodFrames.udp(frame, source, 1024 + random.nextInt(60_000), 32);
        }
    },
    /** NULL, FIN, Xmas and ACK probes of one source over all ports. */
    FLAG_SCANS {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            int flags =
                    switch (number & 3) {
                        case 0 -> 0x00;
                        case 1 -> 0x01;
                        case 2 -> 0x29;
                        default -> 0x10;
                    };
            int port = 1 + number / 4 % 65_535;
            return FloodFrames.tcp(frame, 0xc000_0203, 45_000, port, random.nextInt(), flags, 0);
        }
    },
    /** A mix of SYNs, pings, UDP datagrams and data segments, 60 to 1,514 bytes, 10,000 sources. */
    MIXED {
        @Override
        int frame(byte[] frame, int number, SplittableRandom random) {
            int source = 0x0a02_0000 + random.nextInt(10_000);
            int port = 1024 + (source & 0xfff);
            return switch (random.nextInt(10)) {
                case 0, 1, 2 -> FloodFrames.syn(frame, source, port, random.nextInt(), true);
                case 3 -> FloodFrames.ping(frame, source, number, 56);
                case 4, 5 -> FloodFrames.udp(frame, source, port, random.nextInt(1400));
                default ->
                        FloodFrames.tcp(
                                frame, source, port, 80, number, 0x10, random.nextInt(1460));
            };
        }
    };

    /** The longest frame any flood makes. */
    public static final int MAX_FRAME_LENGTH = 1514;

    /** The seed of every published figure. */
    public static final long SEED = 20_260_101;

    /** Makes frame {@code number} (from 0) in {@code frame} and returns its length. */
    abstract int frame(byte[] frame, int number, SplittableRandom random);

    /** Takes the frames one after another. */
    @FunctionalInterface
    public interface FrameConsumer {
        void frame(int number, byte[] frame, int length);
    }

    /** Makes the first {@code count} frames of this flood. */
    public void generate(int count, long seed, FrameConsumer consumer) {
        SplittableRandom random = new SplittableRandom(seed ^ name().hashCode());
        byte[] frame = new byte[MAX_FRAME_LENGTH];
        for (int i = 0; i < count; i++) {
            consumer.frame(i, frame, frame(frame, i, random));
        }
    }

    /** The first 16 hex digits of the SHA-256 over the first {@code count} frames. */
    public String hash(int count, long seed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            generate(count, seed, (number, frame, length) -> digest.update(frame, 0, length));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The frames in one buffer: a 4-byte length, then the frame, one behind another. */
    public ByteBuffer toBuffer(int count, long seed) {
        int[] bytes = new int[1];
        generate(count, seed, (number, frame, length) -> bytes[0] += 4 + length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes[0]);
        generate(
                count,
                seed,
                (number, frame, length) -> buffer.putInt(length).put(frame, 0, length));
        return buffer.flip();
    }
}
