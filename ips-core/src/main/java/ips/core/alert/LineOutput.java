package ips.core.alert;

/** Where lines go. */
interface LineOutput {
    /**
     * @param line without its end
     */
    void write(String line);

    default void close() {}
}
