package ips.cli.control;

import ips.cli.ExitCode;
import ips.cli.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks a running sensor. */
public final class ControlClient {
    private ControlClient() {}

    /**
     * Sends a request and waits for the reply, however long the sensor takes to do what is asked.
     *
     * @throws UserError where no sensor answers, or may not be asked by this user, or where it
     *     takes no request as long as this
     */
    public static Reply ask(Path socket, Request request) {
        byte[] line = request.line().getBytes(StandardCharsets.UTF_8);
        if (line.length > Request.MOST_BYTES) {
            throw new UserError(
                    ExitCode.USAGE,
                    "the sensor takes requests of up to %d bytes, and this one has %d; shorten what was given"
                            .formatted(Request.MOST_BYTES, line.length));
        }
        if (!Files.exists(socket)) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "no sensor listens on " + socket + "; is one running? --socket names another");
        }
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            connection.write(ByteBuffer.wrap(line));
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            ByteBuffer part = ByteBuffer.allocate(1 << 16);
            while (connection.read(part) >= 0) {
                reply.write(part.array(), 0, part.position());
                part.clear();
            }
            if (reply.size() == 0) {
                throw new IOException("it closed the connection; it may be busy, so try again");
            }
            return Reply.parse(reply.toString(StandardCharsets.UTF_8));
        } catch (AccessDeniedException e) {
            throw denied(socket, e);
        } catch (IOException e) {
            if (!Files.isWritable(socket)) {
                throw denied(socket, e);
            }
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "the sensor at " + socket + " does not answer: " + e.getMessage(),
                    e);
        }
    }

    private static UserError denied(Path socket, IOException e) {
        return new UserError(
                ExitCode.PERMISSION,
                socket + " is for the sensor's user and root; try again with sudo",
                e);
    }
}
