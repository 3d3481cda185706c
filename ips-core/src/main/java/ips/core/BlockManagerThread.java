package ips.core;

import ips.core.block.BlockManager;
import java.util.concurrent.locks.LockSupport;

/** Runs the block manager: works while there is work, and looks again ever less often. */
final class BlockManagerThread extends Thread {
    private static final long SHORTEST_PARK_NS = 500_000;
    private static final long LONGEST_PARK_NS = 8_000_000;

    private final BlockManager blockManager;
    private volatile boolean ending;

    BlockManagerThread(BlockManager blockManager) {
        super("ips-block-manager");
        this.blockManager = blockManager;
        setDaemon(true);
    }

    @Override
    public void run() {
        long parkNs = SHORTEST_PARK_NS;
        while (!ending) {
            if (blockManager.doWork() == 0) {
                LockSupport.parkNanos(parkNs);
                parkNs = Math.min(2 * parkNs, LONGEST_PARK_NS);
            } else {
                parkNs = SHORTEST_PARK_NS;
            }
        }
        blockManager.onClose();
    }

    /** Lets it take what the workers left behind, and waits for that. */
    void end() {
        ending = true;
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
