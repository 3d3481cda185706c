package ips.core.match;

/** Told of each occurrence of a pattern. */
public interface PatternListener {
    /**
     * @param pattern its number, as {@link PatternCompiler#add} returned it
     * @param end index in the scanned buffer behind the occurrence's last byte
     */
    void found(int pattern, int end);
}
