package ips.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.capture.BpfProgram.Instruction;
import ips.core.packet.FrameAddresses;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.Share;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's program beside what the ring decides, in an interpreter of its language. */
class ShareFilterTest {
    private final Random random = new Random(11);
    private final FrameAddresses addresses = new FrameAddresses();

    @ParameterizedTest
    @CsvSource({"2, 1, 0", "2, 1, 2", "3, 2, 6", "4, 1, 1", "7, 1, 0"})
    void passesPlainFramesToTheirOwnersAlone(int pipelines, int workers, int inspectors) {
        for (int i = 0; i < 3000; i++) {
            byte[] frame = plain();
            for (int index = 0; index < pipelines; index++) {
                Share share = new Share(index, pipelines, workers, inspectors, false);

                assertEquals(wants(share, frame, LinkType.ETHERNET), passes(share, frame), "" + i);
            }
        }
    }

    @Test
    void passesEveryFrameThatThePipelineWantsHoweverOdd() {
        int passed = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] frame = odd(plain());
            Share share = new Share(random.nextInt(3), 3, 1, 3, false);
            boolean passes = passes(share, frame);
            assertTrue(passes || !wants(share, frame, LinkType.ETHERNET), Arrays.toString(frame));
            passed += passes ? 1 : 0;
        }
        assertTrue(passed < 30_000);
    }

    @Test
    void readsBareIpAsItReadsIpBehindEthernet() {
        for (int i = 0; i < 5000; i++) {
            byte[] frame = odd(plain());
            byte[] bare = Arrays.copyOfRange(frame, Math.min(14, frame.length), frame.length);
            Share share = new Share(random.nextInt(2), 2, 1, 2, false);

            boolean passes = run(ShareFilter.program(share, LinkType.RAW), bare);

            assertTrue(passes || !wants(share, bare, LinkType.RAW), Arrays.toString(bare));
        }
    }

    @Test
    void leavesNothingOutWhereOnePipelineWantsAll() {
        assertEquals(List.of(), ShareFilter.program(Share.whole(4, 4), LinkType.ETHERNET));
        Share inspectsAll = new Share(0, 2, 1, 1, false);
        assertEquals(List.of(), ShareFilter.program(inspectsAll, LinkType.ETHERNET));
        Share other = new Share(1, 2, 1, 1, false);
        assertFalse(ShareFilter.program(other, LinkType.ETHERNET).isEmpty());
    }

    private String address(boolean v6) {
        return v6
                ? "2001:db8:" + Integer.toHexString(random.nextInt(1 << 16)) + "::1"
                : "192." + random.nextInt(256) + "." + random.nextInt(256) + ".7";
    }

    private byte[] plain() {
        boolean v6 = random.nextInt(3) == 0;
        String from = address(v6);
        String to = address(v6);
        return switch (random.nextInt(4)) {
            case 0 -> FrameBuilder.tcp(from, 40_000, to, 80).flags(TcpFlags.SYN).build();
            case 1 ->
                    FrameBuilder.tcp(from, 80, to, 40_000)
                            .flags(TcpFlags.SYN | TcpFlags.ACK)
                            .build();
            case 2 ->
                    FrameBuilder.tcp(from, 40_000, to, 80)
                            .flags(TcpFlags.ACK | TcpFlags.PSH)
                            .payload("hello")
                            .build();
            default ->
                    FrameBuilder.udp(from, 53, to, 5353)
                            .payload("an answer of some length")
                            .build();
        };
    }

    /** Bytes changed, the end cut off or both; mostly in the headers. */
    private byte[] odd(byte[] frame) {
        byte[] bytes = frame;
        if (random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
        }
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            int at = Math.min(bytes.length - 1, 12 + random.nextInt(60));
            bytes[at] = random.nextInt(8) == 0 ? 0 : (byte) random.nextInt();
        }
        return bytes;
    }

    private boolean wants(Share share, byte[] frame, int linkType) {
        addresses.read(new FrameBuffer(frame), 0, frame.length, frame.length, linkType);
        return share.wants(
                addresses.sourceHash(), addresses.destinationHash(), addresses.openingSyn());
    }

    private static boolean passes(Share share, byte[] frame) {
        return run(ShareFilter.program(share, LinkType.ETHERNET), frame);
    }

    /** Runs a program as the kernel does; whether it ends behind its last instruction. */
    private static boolean run(List<Instruction> program, byte[] frame) {
        int a = 0;
        int x = 0;
        int[] memory = new int[16];
        int at = 0;
        while (at < program.size()) {
            Instruction it = program.get(at++);
            int k = it.k();
            int from =
                    it.code() == BpfProgram.LOAD_HALF_AT_X || it.code() == BpfProgram.LOAD_BYTE_AT_X
                            ? x + k
                            : k;
            int width =
                    switch (it.code()) {
                        case BpfProgram.LOAD_WORD -> 4;
                        case BpfProgram.LOAD_HALF, BpfProgram.LOAD_HALF_AT_X -> 2;
                        case BpfProgram.LOAD_BYTE,
                                BpfProgram.LOAD_BYTE_AT_X,
                                BpfProgram.LOAD_X_HEADER_LENGTH ->
                                1;
                        default -> 0;
                    };
            if (width > 0 && from + width > frame.length) {
                return false; // so does the kernel
            }
            switch (it.code()) {
                case BpfProgram.LOAD_WORD,
                        BpfProgram.LOAD_HALF,
                        BpfProgram.LOAD_BYTE,
                        BpfProgram.LOAD_HALF_AT_X,
                        BpfProgram.LOAD_BYTE_AT_X ->
                        a = number(frame, from, width);
                case BpfProgram.LOAD_X_HEADER_LENGTH -> x = 4 * (frame[k] & 0xf);
                case BpfProgram.LOAD_CONSTANT -> a = k;
                case BpfProgram.LOAD_LENGTH -> a = frame.length;
                case BpfProgram.LOAD_MEMORY -> a = memory[k];
                case BpfProgram.STORE_MEMORY -> memory[k] = a;
                case BpfProgram.ADD_X -> a += x;
                case BpfProgram.SUBTRACT -> a -= k;
                case BpfProgram.SUBTRACT_X -> a -= x;
                case BpfProgram.MULTIPLY -> a *= k;
                case BpfProgram.OR_X -> a |= x;
                case BpfProgram.AND -> a &= k;
                case BpfProgram.SHIFT_RIGHT -> a >>>= k;
                case BpfProgram.XOR_X -> a ^= x;
                case BpfProgram.TO_X -> x = a;
                case BpfProgram.TO_A -> a = x;
                case BpfProgram.JUMP -> at += k;
                case BpfProgram.IF_EQUAL -> at += a == k ? it.whenTrue() : it.whenFalse();
                case BpfProgram.IF_ANY_BIT -> at += (a & k) != 0 ? it.whenTrue() : it.whenFalse();
                case BpfProgram.IF_AT_LEAST ->
                        at += Integer.compareUnsigned(a, k) >= 0 ? it.whenTrue() : it.whenFalse();
                case BpfProgram.IF_AT_LEAST_X ->
                        at += Integer.compareUnsigned(a, x) >= 0 ? it.whenTrue() : it.whenFalse();
                case BpfProgram.RETURN -> {
                    return k != 0;
                }
                default -> throw new AssertionError("code " + it.code());
            }
        }
        return true;
    }

    private static int number(byte[] frame, int at, int width) {
        int number = 0;
        for (int i = 0; i < width; i++) {
            number = number << 8 | frame[at + i] & 0xff;
        }
        return number;
    }
}
