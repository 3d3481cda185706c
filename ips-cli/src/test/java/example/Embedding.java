package example;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.core.Engine;
import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import java.io.IOException;
import java.nio.file.Path;

/** Prints who would be banned for what a capture file holds. */
public final class Embedding {
    private Embedding() {}

    public static void main(String[] arguments) throws IOException {
        BlockListener printer =
                new BlockListener() {
                    @Override
                    public void banned(Ban ban, Detection cause, boolean prolonged) {
                        if (!prolonged) {
                            System.out.println(ban.address() + " banned: " + ban.reason());
                        }
                    }
                };
        try (CaptureSource source = CaptureFileSource.open(Path.of(arguments[0]));
                Engine engine = Engine.builder().listener(printer).build()) {
            engine.run(source);
        }
    }
}
