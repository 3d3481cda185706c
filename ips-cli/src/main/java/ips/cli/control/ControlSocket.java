package ips.cli.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the control socket lies; sensor and commands look in the same places. */
public final class ControlSocket {
    public static final String AUTO = "auto";
    public static final String NONE = "none";
    private static final String FILE = "control.sock";

    private ControlSocket() {}

    /**
     * The path, or nothing where there is to be none.
     *
     * @param setting a path, {@code auto} or {@code none}; auto is the folder that systemd gives
     *     ({@code RUNTIME_DIRECTORY}), else /run/ips where that can be written or is there, else
     *     the user's {@code XDG_RUNTIME_DIR}
     */
    public static Optional<Path> path(String setting, Map<String, String> environment) {
        if (setting.equals(NONE)) {
            return Optional.empty();
        }
        if (!setting.equals(AUTO)) {
            return Optional.of(Path.of(setting));
        }
        String given = environment.getOrDefault("RUNTIME_DIRECTORY", "").split(":")[0];
        if (!given.isEmpty()) {
            return Optional.of(Path.of(given, FILE));
        }
        Path run = Path.of("/run/ips");
        if (Files.isDirectory(run) || Files.isWritable(run.getParent())) {
            return Optional.of(run.resolve(FILE));
        }
        String user = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return user.isEmpty() ? Optional.empty() : Optional.of(Path.of(user, "ips-" + FILE));
    }
}
