package ips.core.block.nft;

import ips.core.block.PrintableAscii;
import ips.core.block.nft.NftCommand.Failure;
import ips.core.block.nft.NftCommand.Result;

/** Why nft did not do what it should, in one sentence that names the remedy. */
record NftFault(Kind kind, String sentence) {
    enum Kind {
        /** The table or a part of it is not there. */
        MISSING,
        /** A set takes no more. */
        FULL,
        /** What is there is of another make. */
        DIFFERENT,
        /** nft cannot be run, may not do it, hangs, or the kernel is too old. */
        UNUSABLE,
        /** Something about the batch. */
        REFUSED
    }

    private static final int MOST_TEXT = 160;

    static NftFault of(Result result, NftConfig config) {
        if (result.failure() == Failure.NOT_STARTED) {
            return unusable(
                    "nft cannot be run, so bans block nothing; install it (apt install nftables)"
                            + " or name it with nft.program ("
                            + text(result.errors())
                            + ")");
        }
        if (result.failure() == Failure.TIMEOUT) {
            return unusable(
                    "nft did not end within "
                            + config.timeout().toSeconds()
                            + " s and was killed, so bans block nothing for now; is another"
                            + " program holding the firewall, or the host overloaded?");
        }
        String errors = result.errors();
        if (errors.contains("Operation not permitted") || errors.contains("Permission denied")) {
            return unusable(
                    "nft may not change the firewall, so bans block nothing; run the sensor as"
                            + " root or with CAP_NET_ADMIN (AmbientCapabilities in a systemd unit)");
        }
        if (!errors.contains("Error:")) {
            // nft names what it refuses; this is a wrapper that fails, a library that is missing,
            // or nft killed for want of memory. What the words mean is not known.
            return unusable(
                    "nft ended with exit code "
                            + result.exitCode()
                            + (errors.isBlank() ? " and said nothing" : " (" + text(errors) + ")")
                            + ", so bans block nothing for now; see whether "
                            + PrintableAscii.escape(config.program())
                            + " list tables works for the sensor's user, or name another nft with"
                            + " nft.program");
        }
        if (errors.contains("Protocol not supported")
                || errors.contains("Operation not supported")
                || errors.contains("cache initialization failed")) {
            return unusable(
                    "this kernel lacks what nft needs (nf_tables with sets, timeouts and the hooks"
                            + " asked for), so bans block nothing: "
                            + text(errors));
        }
        if (errors.contains("Too many open files in system")) {
            return new NftFault(
                    Kind.FULL,
                    "a set of the table inet "
                            + config.table()
                            + " is full, so some bans block nothing; raise bans.max-bans");
        }
        if (errors.contains("No such file or directory")) {
            return new NftFault(
                    Kind.MISSING,
                    "the table inet "
                            + config.table()
                            + " was changed or removed by another program");
        }
        if (errors.contains("File exists")) {
            return new NftFault(Kind.DIFFERENT, "nft: " + text(errors));
        }
        return new NftFault(Kind.REFUSED, "nft refused a change: " + text(errors));
    }

    private static NftFault unusable(String sentence) {
        return new NftFault(Kind.UNUSABLE, sentence);
    }

    /** The first line that says something, escaped and cut. */
    private static String text(String errors) {
        String line =
                errors.lines().filter(each -> each.contains("rror")).findFirst().orElse(errors);
        String printable = PrintableAscii.escape(line.strip());
        return printable.length() > MOST_TEXT
                ? printable.substring(0, MOST_TEXT) + "..."
                : printable;
    }
}
