package ips.core.verdict;

/**
 * What names a signature: generator, signature and revision, as rules and EVE write them.
 *
 * @param gid 1 for rules and for the sensor's own detectors
 * @param sid unique within the generator; 9,000,000 to 9,000,999 are the detectors'
 * @param rev raised when the signature's meaning changes
 */
public record SignatureId(int gid, int sid, int rev) implements Comparable<SignatureId> {
    // As for Kind, of which it is a part.
    @Override
    public boolean equals(Object other) {
        return other instanceof SignatureId id && gid == id.gid && sid == id.sid && rev == id.rev;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * gid + sid) + rev;
    }

    @Override
    public int compareTo(SignatureId other) {
        int order = Integer.compare(gid, other.gid);
        order = order != 0 ? order : Integer.compare(sid, other.sid);
        return order != 0 ? order : Integer.compare(rev, other.rev);
    }

    @Override
    public String toString() {
        return gid + ":" + sid + ":" + rev;
    }
}
