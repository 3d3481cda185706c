package ips.cli.control;

import ips.cli.DaemonThreads;
import ips.cli.ExitCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens on a Unix-domain socket of mode 0600 and answers its owner and root. The kernel keeps
 * others out by the mode; whoever slips through before it is set is turned away by his credentials.
 *
 * <p>At most {@link #MOST_CONNECTIONS} at once, each with 4 KiB for its line, 5 seconds to send it
 * and 5 to take the answer, whose making takes as long as it takes: a reload of many rules, a
 * minute. Further ones are closed at once. None of it touches the threads that judge frames.
 */
public final class ControlServer implements AutoCloseable {
    static final int MOST_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long FULL_PAUSE_MS = 5;
    private static final ThreadFactory THREADS = DaemonThreads.named("ips-control");

    private final Path path;
    private final Function<Request, Reply> answer;
    private final Duration patience;
    private final String owner;
    private final ServerSocketChannel server;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);

    /**
     * A thread that has just made room may not be back for the next connection yet, which waits for
     * it then: one refused for that would take its room with it.
     */
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    MOST_CONNECTIONS,
                    MOST_CONNECTIONS,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_CONNECTIONS),
                    THREADS);

    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(THREADS);

    /**
     * Listens at once.
     *
     * @param answer called on threads of the server's; what it throws is a bug and told as one
     * @throws IOException with one sentence: another sensor listens there, or the path cannot be
     */
    public ControlServer(Path path, Function<Request, Reply> answer) throws IOException {
        this(path, answer, PATIENCE);
    }

    /**
     * @param patience how long a line may be on its way, and as long an answer
     */
    ControlServer(Path path, Function<Request, Reply> answer, Duration patience)
            throws IOException {
        this.patience = patience;
        this.path = path.toAbsolutePath();
        this.answer = answer;
        makeFolder(this.path.getParent());
        removeStale();
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(this.path), 64);
            Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException(path + " cannot be listened on: " + e.getMessage(), e);
        }
        owner = Files.getOwner(this.path).getName();
        threads.allowCoreThreadTimeOut(true);
        THREADS.newThread(this::accept).start();
    }

    /**
     * Makes a folder such as /run/ips, whose parent is there; no tree, and nothing below the root.
     */
    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent == null || parent.getParent() == null || !Files.isDirectory(parent)) {
            throw new IOException(
                    "there is no folder " + folder + "; choose another --control-socket");
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new IOException(folder + " is no folder; choose another --control-socket", e);
            }
        } catch (IOException e) {
            throw new IOException(folder + " cannot be made; choose another --control-socket", e);
        }
    }

    /** What a killed sensor left is taken away; a socket that somebody answers is not. */
    private void removeStale() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException(path + " is no socket; choose another --control-socket");
        }
        if (isAnswered(path)) {
            throw new IOException(
                    path + " is another sensor's; give this one a --control-socket of its own");
        }
        Files.deleteIfExists(path);
    }

    /** Whether a sensor listens there now. */
    public static boolean isAnswered(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                if (!room.tryAcquire()) {
                    connection.close();
                    continue;
                }
                threads.execute(() -> serve(connection));
            } catch (IOException | RuntimeException e) {
                // Closed, or out of descriptors: what can be accepted will be, a little later.
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(FULL_PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            ByteBuffer reply =
                    ByteBuffer.wrap(reply(connection).wire().getBytes(StandardCharsets.UTF_8));
            ScheduledFuture<?> deadline = deadline(connection);
            while (reply.hasRemaining()) {
                connection.write(reply);
            }
            deadline.cancel(false);
        } catch (IOException | RejectedExecutionException e) {
            // The other side has gone, its time was over, or the sensor ends.
        } finally {
            room.release();
        }
    }

    /** Closes the connection when its time is over, unless it is cancelled. */
    private ScheduledFuture<?> deadline(SocketChannel connection) {
        return deadlines.schedule(
                () -> closeQuietly(connection), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Reply reply(SocketChannel connection) throws IOException {
        String user = connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (!user.equals(owner) && !user.equals("root")) {
            return new Reply(ExitCode.PERMISSION, "only " + owner + " and root may ask the sensor");
        }
        ScheduledFuture<?> deadline = deadline(connection);
        ByteBuffer line = ByteBuffer.allocate(Request.MOST_BYTES);
        while (line.position() == 0 || line.get(line.position() - 1) != '\n') {
            if (!line.hasRemaining()) {
                return new Reply(
                        ExitCode.USAGE, "a request is at most " + Request.MOST_BYTES + " bytes");
            }
            if (connection.read(line) < 0) {
                return new Reply(ExitCode.USAGE, "a request ends with a line feed");
            }
        }
        deadline.cancel(false);
        try {
            return answer.apply(Request.parse(line.array(), line.position()));
        } catch (IOException e) {
            return new Reply(ExitCode.USAGE, "a request is one JSON object of texts");
        } catch (RuntimeException e) {
            return new Reply(ExitCode.INTERNAL, "a bug in ips: " + e);
        }
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // Closed is what it should be.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The next start takes the file away.
        }
        threads.shutdownNow();
        deadlines.shutdownNow();
    }
}
