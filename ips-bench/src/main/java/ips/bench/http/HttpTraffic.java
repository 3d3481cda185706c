package ips.bench.http;

import ips.bench.flood.Flood;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Browsers and the sites they visit, as Ethernet frames that depend on these three values only:
 * keep-alive connections of 400 clients at a time, interleaved in bursts of up to ten segments,
 * with handshake, delayed acknowledgments and orderly ends, as Linux sends them (MSS 1460,
 * timestamps). URLs and bodies never repeat; a client's cookies and headers do, as they do in life.
 *
 * @param connections how many, each with 1 to 24 requests
 * @param attacksPerMille of a thousand connections, how many are an attacker's
 * @param seed {@link Flood#SEED} for every published figure
 */
public record HttpTraffic(int connections, int attacksPerMille, long seed) {
    private static final int AT_A_TIME = 400;

    /**
     * What {@link #generate} made.
     *
     * @param attackers IPv4 addresses that attack
     */
    public record Totals(
            long frames, long bytes, long requests, long attacks, Set<Integer> attackers) {}

    public HttpTraffic {
        if (connections < 1 || attacksPerMille < 0 || attacksPerMille > 1000) {
            throw new IllegalArgumentException(
                    "connections must be positive and attacks 0 to 1000 per mille");
        }
    }

    /** Makes the frames one after another. */
    public Totals generate(Flood.FrameConsumer consumer) {
        SplittableRandom random = new SplittableRandom(seed ^ "http".hashCode());
        Site[] sites = Site.all(random);
        TcpFrames frames = new TcpFrames(consumer);
        Conversation[] open = new Conversation[Math.min(AT_A_TIME, connections)];
        int begun = 0;
        for (int i = 0; i < open.length; i++) {
            open[i] = begin(begun++, sites, random);
        }
        int left = open.length;
        long requests = 0;
        long attacks = 0;
        Set<Integer> attackers = new TreeSet<>();
        while (left > 0) {
            int at = random.nextInt(left);
            if (open[at].turn(frames)) {
                continue;
            }
            requests += open[at].requests();
            attacks += open[at].attacks();
            if (open[at].attacks() > 0) {
                attackers.add(open[at].client());
            }
            if (begun < connections) {
                open[at] = begin(begun++, sites, random);
            } else {
                open[at] = open[--left];
            }
        }
        return new Totals(frames.count(), frames.bytes(), requests, attacks, attackers);
    }

    private Conversation begin(int number, Site[] sites, SplittableRandom random) {
        Site site = sites[random.nextInt(sites.length)];
        SplittableRandom own = random.split();
        boolean attacker =
                number * (long) attacksPerMille / 1000
                        != (number + 1) * (long) attacksPerMille / 1000;
        Client client = attacker ? new Attacker(site, own) : new Browser(site, own);
        return new Conversation(number, client, site, own);
    }

    /** The first 16 hex digits of the SHA-256 over the frames. */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            generate((number, frame, length) -> digest.update(frame, 0, length));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The frames in one buffer, 2 GiB at most: a 4-byte length, then the frame, one behind another.
     */
    public ByteBuffer toBuffer() {
        long[] bytes = new long[1];
        generate((number, frame, length) -> bytes[0] += 4 + length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes[0]));
        generate((number, frame, length) -> buffer.putInt(length).put(frame, 0, length));
        return buffer.flip();
    }
}
