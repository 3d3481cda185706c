package ips.cli;

import ips.core.block.BanMemory;
import ips.core.block.BanMemoryFile;
import ips.core.block.BlockManager;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Writes down what the next run should know, every two seconds if it has changed, and at the end.
 */
final class MemoryKeeper implements AutoCloseable {
    private static final long PERIOD_MS = 2000;

    private final BanMemoryFile file;
    private final BlockManager blockManager;
    private final Consumer<String> tell;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ips-memory"));
    private BanMemory written = BanMemory.NONE;
    private boolean told;

    MemoryKeeper(BanMemoryFile file, BlockManager blockManager, Consumer<String> tell) {
        this.file = file;
        this.blockManager = blockManager;
        this.tell = tell;
        thread.scheduleWithFixedDelay(this::keep, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private synchronized void keep() {
        try {
            BanMemory now = blockManager.memory().get(1, TimeUnit.SECONDS);
            boolean removed = !now.equals(BanMemory.NONE) && !file.isThere();
            if (removed || !now.equals(written)) {
                file.write(now);
                written = now;
                if (told) {
                    told = false;
                    tell.accept("bans are remembered over a restart again, in " + file);
                }
            }
        } catch (IOException e) {
            if (!told) {
                told = true;
                tell.accept(
                        "bans cannot be remembered over a restart, for %s cannot be written (%s)"
                                .formatted(file, Errors.sentence(e)));
            }
        } catch (ExecutionException | TimeoutException e) {
            // No frame and no time yet, or the engine has ended: nothing new to remember.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!thread.isShutdown()) {
            thread.shutdown();
            keep();
        }
    }
}
