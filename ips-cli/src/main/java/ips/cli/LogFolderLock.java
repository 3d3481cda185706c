package ips.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A running sensor's claim to its log folder: two would rotate each other's logs away, and each
 * would write down its own bans for the next start in the place of the other's. A lock on a file in
 * the folder, which the kernel gives up when the process ends, however that may be.
 */
final class LogFolderLock implements AutoCloseable {
    static final String FILE_NAME = "sensor.lock";

    private final FileChannel file;

    private LogFolderLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Makes the folder where it is missing. Where there are no locks, as on some file systems, the
     * sensor runs without one.
     *
     * @throws UserError where another sensor has it
     */
    static LogFolderLock take(Path folder) {
        FileChannel file = null;
        boolean taken = false;
        try {
            Files.createDirectories(folder.toAbsolutePath());
            file =
                    FileChannel.open(
                            folder.resolve(FILE_NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            taken = lock != null;
        } catch (OverlappingFileLockException e) {
            // Within this process: a test's.
        } catch (IOException e) {
            taken = true;
        }
        LogFolderLock claim = new LogFolderLock(file);
        if (!taken) {
            claim.close();
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "another sensor writes its logs in "
                            + folder
                            + "; end it, or give this one a --log-dir of its own");
        }
        return claim;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // It ends with the process at the latest.
        }
    }
}
